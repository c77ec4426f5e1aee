package io.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.testkit.Gateway;
import io.caravan.testkit.OneRun;
import io.caravan.testkit.Warnings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All YAML of the documents is loaded by one gateway, and all Java compiled beside it. What each
 * recipe does is tested elsewhere.
 */
class SnippetsIT {
  private static final Pattern PACKAGE = Pattern.compile("package ([\\w.]+);");
  private static final Pattern CLASS = Pattern.compile("(?m)^(?:public )?class (\\w+)");
  private static final Pattern STEP = Pattern.compile("- (route|beans|rest|from|routeTemplate):.*");

  @TempDir Path directory;
  @TempDir Path sources;

  private static List<Snippet> of(String language) throws IOException {
    return Snippet.all().stream().filter(each -> each.language().equals(language)).toList();
  }

  @Test
  void yamlIsLoadedAndJavaCompiled() throws Exception {
    OneRun.copyApplication(directory);
    compile(of("java"));
    List<Snippet> yaml = of("yaml");
    for (int i = 0; i < yaml.size(); i++) {
      Files.writeString(
          directory.resolve("routes/snippet-" + i + ".camel.yaml"), whole(i, yaml.get(i).text()));
    }
    int bundled = routes(Path.of("routes"));

    try (Warnings warnings = Warnings.listen();
        Gateway gateway =
            Gateway.in(
                directory,
                Map.of(
                    "camel.component.kamelet.location",
                    "file:" + directory.resolve("routes/kamelets")))) {
      assertThat(yaml).hasSizeGreaterThan(9);
      assertThat(gateway.context().getRoutes()).hasSizeGreaterThan(bundled);
      assertThat(warnings.lines()).isEmpty();
    }
  }

  /** Returns a file of routes; steps that stand alone are put into a route. */
  private String whole(int number, String text) {
    String inside = text.replace("file:", "file:" + directory.resolve("work") + "/");
    if (STEP.matcher(inside.lines().findFirst().orElseThrow()).matches()) {
      return inside;
    }
    return """
        - route:
            id: snippet-NUMBER
            from:
              uri: direct:snippet-NUMBER
              steps:
        """
            .replace("NUMBER", String.valueOf(number))
        + inside.stripIndent().indent(8);
  }

  private static int routes(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return (int) files.filter(file -> file.toString().endsWith(".camel.yaml")).count();
    }
  }

  private void compile(List<Snippet> java) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "-cp",
                OneRun.classPath(),
                "-d",
                Files.createDirectories(directory.resolve("lib/classes")).toString()));
    for (Snippet snippet : java) {
      Matcher in = PACKAGE.matcher(snippet.text());
      Matcher name = CLASS.matcher(snippet.text());
      assertThat(name.find()).as(snippet.toString()).isTrue();
      Path folder = sources.resolve(in.find() ? in.group(1).replace('.', '/') : "");
      Path file = Files.createDirectories(folder).resolve(name.group(1) + ".java");
      Files.writeString(file, snippet.text());
      command.add(file.toString());
    }
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, command.toArray(String[]::new)))
        .isZero();
  }
}
