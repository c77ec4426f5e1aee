package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.anthropic.MessagesRequest;
import io.caravan.testkit.CaravanProcess;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.OneRun;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import io.caravan.tokens.TokenCounter;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user's own classes beside the jar, as docs/extend.md shows them. */
class OwnClassesIT {
  private static final String SECTION = "## Classes of your own beside the jar";
  private static final String HI =
      "{\"model\":\"claude-sonnet\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
  private static final String LONGER = HI.replace("Hi", "Hi, and the same to all of yours");

  @TempDir Path directory;
  @TempDir Path work;

  /** The code blocks of a language in the document's section. */
  private static List<String> documented(String language) throws IOException {
    String text = Files.readString(Path.of("docs/extend.md"));
    String section = text.substring(text.indexOf(SECTION) + SECTION.length()).split("\n## ", 2)[0];
    List<String> blocks = new ArrayList<>();
    Matcher block =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(section);
    while (block.find()) {
      blocks.add(block.group(1));
    }
    return blocks;
  }

  private void compileDocumented(Path classes) throws IOException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("-cp", OneRun.classPath()));
    command.addAll(List.of("-d", Files.createDirectories(classes).toString()));
    for (String source : documented("java")) {
      Matcher name = Pattern.compile("public class (\\w+)").matcher(source);
      assertThat(name.find()).isTrue();
      Path file = work.resolve(name.group(1) + ".java");
      Files.writeString(file, source);
      command.add(file.toString());
    }
    int exit =
        ToolProvider.getSystemJavaCompiler().run(null, null, null, command.toArray(String[]::new));
    assertThat(exit).isZero();
  }

  private static void jar(Path root, Path jar) throws IOException {
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out);
        Stream<Path> files = Files.walk(root)) {
      for (Path file : (Iterable<Path>) files.filter(each -> !each.equals(root))::iterator) {
        boolean folder = Files.isDirectory(file);
        entries.putNextEntry(new JarEntry(root.relativize(file) + (folder ? "/" : "")));
        if (!folder) {
          Files.copy(file, entries);
        }
      }
    }
  }

  private void addStep(Path messages) throws IOException {
    String countTokens = "uri: kamelet:caravan-count-tokens-action\n";
    String text = Files.readString(messages);
    assertThat(text).contains(countTokens);
    Files.createDirectories(directory.resolve("routes"));
    Files.writeString(
        directory.resolve("routes/messages.camel.yaml"),
        text.replace(countTokens, countTokens + documented("yaml").get(1)));
  }

  @Test
  void runsTheDocumentsCounterAndProcessorAndLoadsNoOtherCountersVocabulary() throws Exception {
    Path bundle = Files.createDirectory(work.resolve("bundle"));
    OneRun.copyApplication(bundle);
    jar(bundle, work.resolve("bundle.jar"));
    compileDocumented(directory.resolve("lib/classes"));
    addStep(Path.of("routes/messages.camel.yaml"));
    Files.writeString(directory.resolve("routes/acme.camel.yaml"), documented("yaml").get(0));
    Files.writeString(directory.resolve("application.properties"), "acme.most-tokens = 20\n");

    try (CaravanProcess caravan = serve(work.resolve("bundle.jar"))) {
      assertThat(post(caravan, "/v1/messages/count_tokens", HI).body())
          .isEqualTo("{\"input_tokens\":" + HI.length() / 4 + "}");
      assertThat(post(caravan, "/v1/messages", HI).statusCode()).isEqualTo(200);
      HttpResponse<String> refused = post(caravan, "/v1/messages", LONGER);
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(refused.body()).contains(LONGER.length() / 4 + " tokens are too many here");
      assertThat(Files.readString(caravan.log())).contains("On the class path: [file:");
    }
    assertThat(Files.readString(directory.resolve("classes.log")))
        .contains("com.acme.QuarterCounter")
        .doesNotContain("com.knuddels.", "io.caravan.tokens.JtokkitVocabulary");
  }

  private CaravanProcess serve(Path bundle) {
    return CaravanProcess.start(
        List.of(
            CaravanProcess.thisJava(),
            "-XX:TieredStopAtLevel=1",
            // The counter is warmed up while Camel starts where there are more than two.
            "-XX:ActiveProcessorCount=3",
            "-Xlog:class+load:file=classes.log",
            "-cp",
            String.join(
                File.pathSeparator,
                OneRun.classPath(),
                OneRun.applicationFiles(),
                bundle.toString()),
            "io.caravan.Caravan"),
        directory,
        Map.of());
  }

  private static HttpResponse<String> post(CaravanProcess caravan, String path, String body)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(caravan.url() + path))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void knowsTheClassesOfAJarWhenARouteIsEditedToo() throws Exception {
    OneRun.copyApplication(directory);
    compileDocumented(work.resolve("classes"));
    Files.createDirectory(directory.resolve("lib"));
    jar(work.resolve("classes"), directory.resolve("lib/acme.jar"));
    Files.writeString(
        directory.resolve("routes/acme.camel.yaml"),
        documented("yaml").get(0).replace("{{acme.most-tokens:100000}}", "1"));

    ClassLoader loader;
    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        Gateway gateway = start(upstream)) {
      loader = gateway.context().getApplicationContextClassLoader();
      upstream.answer(request -> Script.says("Hello"));
      assertThat(gateway.post("/v1/messages", HI).body()).contains("Hello");

      addStep(directory.resolve("routes/messages.camel.yaml"));

      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () ->
                  assertThat(gateway.post("/v1/messages", HI).body())
                      .contains("are too many here: 1 are allowed"));
      assertThat(loader.getResource("com/acme/TokenCeiling.class")).isNotNull();
    }
    assertThat(loader.getResource("com/acme/TokenCeiling.class")).as("closed").isNull();
  }

  /** In the place of the bundled one. */
  public static final class Warmed implements TokenCounter {
    private static final CountDownLatch UP = new CountDownLatch(1);

    @Override
    public long count(MessagesRequest request, String tenant) {
      return 7;
    }

    @Override
    public void warmUp() {
      UP.countDown();
    }
  }

  @Test
  void warmsUpACounterInPlaceOfTheBundledOne() throws Exception {
    OneRun.copyApplication(directory);
    Path beans = directory.resolve("routes/beans.camel.yaml");
    Files.writeString(
        beans,
        Files.readString(beans)
            .replace("io.caravan.tokens.JtokkitTokenCounter", Warmed.class.getName()));

    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        Gateway gateway = start(upstream)) {
      assertThat(Warmed.UP.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(gateway.post("/v1/messages/count_tokens", HI).body())
          .isEqualTo("{\"input_tokens\":7}");
    }
  }

  private Gateway start(ScriptedUpstream upstream) throws Exception {
    return Gateway.in(
        directory,
        Map.of(
            "caravan.nim.base-url",
            upstream.url(),
            "camel.main.routesReloadDirectory",
            directory.resolve("routes").toString(),
            "camel.component.kamelet.location",
            "file:" + directory.resolve("routes/kamelets")));
  }
}
