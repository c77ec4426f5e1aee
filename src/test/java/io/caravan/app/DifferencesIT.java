package io.caravan.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.testkit.CaravanProcess;
import io.caravan.testkit.OneRun;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code java -jar caravan.jar diff}. */
class DifferencesIT {
  @TempDir Path bundled;
  @TempDir Path directory;
  private String output;

  @BeforeEach
  void bundle() throws IOException {
    OneRun.copyApplication(bundled);
  }

  private int show() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int exit;
    try (URLClassLoader loader = new URLClassLoader(new URL[] {bundled.toUri().toURL()}, null);
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      exit = new Differences(directory, loader, out).show();
    }
    output = bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    return exit;
  }

  private void write(String path, String text) throws IOException {
    Path file = directory.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private String original(String path) throws IOException {
    return Files.readString(bundled.resolve(path));
  }

  @Test
  void findsNothingInADirectoryWithoutFiles() throws IOException {
    assertThat(show()).isZero();
    assertThat(output)
        .isEqualTo(
            """
            Different from the bundled files: none
            Equal to the bundled files: none
            With no bundled file of that name: none
            """);
  }

  @Test
  void namesCopiesThatAreEqualAndFilesThatAreTheUsersOwn() throws IOException {
    write("routes/models.camel.yaml", original("routes/models.camel.yaml"));
    write(
        "routes/kamelets/caravan-call-action.kamelet.yaml",
        original("routes/kamelets/caravan-call-action.kamelet.yaml"));
    write("routes/providers/acme.camel.yaml", "- beans: []\n");
    write("routes/notes.txt", "Not loaded.\n");

    assertThat(show()).isZero();
    assertThat(output)
        .isEqualTo(
            """
            Different from the bundled files: none
            Equal to the bundled files: routes/kamelets/caravan-call-action.kamelet.yaml, routes/models.camel.yaml
            With no bundled file of that name: routes/providers/acme.camel.yaml
            """);
  }

  @Test
  void showsWhichLinesOfACopyDiffer() throws IOException {
    String text = original("routes/demo.camel.yaml");
    write("routes/demo.camel.yaml", text.replace("ref: demoGate", "ref: myGate"));

    assertThat(show()).isEqualTo(1);
    assertThat(output)
        .startsWith("--- bundled/routes/demo.camel.yaml\n+++ routes/demo.camel.yaml\n@@ -")
        .contains(
            """
                         id: demo-gate
            -            ref: demoGate
            +            ref: myGate
                     - unmarshal:
            """)
        .contains("Different from the bundled files: routes/demo.camel.yaml\n");
  }

  /** The file in the working directory wins key by key: it needn't name the others. */
  @Test
  void comparesSettingsKeyByKey() throws IOException {
    write(
        "application.properties",
        "caravan.strict = true\ncaravan.keep-alive=10000\n# caravan.port = 1\nmine = 1\n");

    assertThat(show()).isEqualTo(1);
    assertThat(output)
        .contains("-caravan.strict = false\n+caravan.strict = true\n+mine = 1\n")
        .doesNotContain("caravan.port");
  }

  @Test
  void findsNothingInSettingsThatAreAsBundled() throws IOException {
    write("application.properties", "caravan.keep-alive=10000\n");

    assertThat(show()).isZero();
    assertThat(output).contains("Equal to the bundled files: application.properties\n");
  }

  @Test
  void showsNoSecret() throws IOException {
    write(
        "application.properties",
        """
        caravan.nim.api-key = canary-1
        caravan.api-keys = canary-2, canary-3
        caravan.redis.url = redis://me:canary-4@host:6379
        caravan.tls.key-store-password=canary-5
        caravan.openai.api-key = {{env:MY_OPENAI_API_KEY:}}
        """);
    write(
        "routes/providers/nim.camel.yaml",
        original("routes/providers/nim.camel.yaml")
            .replace("\"{{caravan.nim.api-key}}\"", "'canary-6'")
            .replace("# NVIDIA NIM", "# nvapi-canary7canary7"));

    assertThat(show()).isEqualTo(1);
    assertThat(output)
        .doesNotContain("canary")
        .contains("+caravan.nim.api-key = ***\n")
        .contains("+caravan.redis.url = redis://***@host:6379\n")
        .contains("+caravan.openai.api-key = {{env:MY_OPENAI_API_KEY:}}\n");
  }

  @Test
  void isACommandWithAnExitCode() throws Exception {
    write("routes/models.camel.yaml", "# Mine.\n");

    OneRun withBundle = run(OneRun.classPath() + File.pathSeparator + bundled);
    OneRun without = run(OneRun.classPath());

    assertThat(withBundle.output())
        .contains("+# Mine.", "Different from the bundled files: routes/models.camel.yaml");
    assertThat(withBundle.exit()).isEqualTo(1);
    assertThat(without.output()).contains("There are no bundled files to compare with");
    assertThat(without.exit()).isEqualTo(2);
  }

  private OneRun run(String classPath) throws Exception {
    return OneRun.of(
        List.of(CaravanProcess.thisJava(), "-cp", classPath, "io.caravan.Caravan", "diff"),
        directory,
        Map.of());
  }

  @Test
  void saysWhichFileCannotBeRead() throws Exception {
    Files.createDirectories(directory.resolve("routes"));
    Files.createSymbolicLink(
        directory.resolve("routes/demo.camel.yaml"), directory.resolve("nowhere"));

    OneRun run = run(OneRun.classPath() + File.pathSeparator + bundled);

    assertThat(run.output().strip())
        .startsWith("Caravan can't compare the files: ")
        .endsWith("demo.camel.yaml doesn't exist");
    assertThat(run.exit()).isEqualTo(2);
  }
}
