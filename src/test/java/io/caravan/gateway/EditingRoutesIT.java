package io.caravan.gateway;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.camel.ContextBean;
import io.caravan.reload.TriedEdits;
import io.caravan.testkit.CaravanProcess;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.OneRun;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import io.caravan.testkit.Warnings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.StartupListener;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.RouteWatcherReloadStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests edits of YAML by an integrator, without a build and without a restart. */
class EditingRoutesIT {
  private static final String HI =
      "{\"model\":\"claude-sonnet\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Two providers, one of them with a route of its own. */
  private static final String ACME =
      """
      - beans:
          - name: acme
            type: io.caravan.provider.Provider
            properties:
              name: acme
              baseUrl: "URL"
          - name: other
            type: io.caravan.provider.Provider
            properties:
              name: other
              baseUrl: "URL"
      - route:
          id: provider-other
          from:
            uri: direct:provider-other
            steps:
              - to: {uri: kamelet:caravan-convert-action}
              - to: {uri: kamelet:caravan-call-action}
      """;

  @TempDir Path directory;

  /** Replaces Caravan's token counter. */
  public static final class CountsSeven implements Processor {
    @Override
    public void process(Exchange exchange) {
      exchange.setProperty("CaravanInputTokens", 7L);
    }
  }

  /** A step that fails. */
  public static final class Fails implements Processor {
    @Override
    public void process(Exchange exchange) {
      throw new IllegalStateException("a step of the user's");
    }
  }

  /** Remembers the applications that it was a bean of. */
  public static final class Remembers extends ContextBean {
    private static final List<WeakReference<CamelContext>> APPLICATIONS =
        new CopyOnWriteArrayList<>();

    public void remember() {
      APPLICATIONS.add(new WeakReference<>(getCamelContext()));
    }

    static Set<CamelContext> inMemory() {
      System.gc();
      return APPLICATIONS.stream()
          .map(WeakReference::get)
          .filter(Objects::nonNull)
          .collect(Collectors.toSet());
    }
  }

  @Test
  void swapsAStageForAProcessorOfTheUsersOwn() throws Exception {
    OneRun.copyApplication(directory);
    edit(
        "count-tokens.camel.yaml",
        """
                      - to:
                          id: count-count-tokens
                          uri: kamelet:caravan-count-tokens-action
        """,
        """
                      - process:
                          id: count-count-tokens
                          ref: "#class:%s"
        """
            .formatted(CountsSeven.class.getName()));

    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        Gateway gateway = start(upstream)) {
      assertThat(gateway.post("/v1/messages/count_tokens", HI).body())
          .isEqualTo("{\"input_tokens\":7}");
    }
  }

  @Test
  void sendsTheNextRequestElsewhereOnceAProviderFileIsEdited() throws Exception {
    OneRun.copyApplication(directory);
    try (ScriptedUpstream first = ScriptedUpstream.start();
        ScriptedUpstream second = ScriptedUpstream.start()) {
      first.answer(request -> Script.says("from the first"));
      second.answer(request -> Script.says("from the second"));
      edit("providers/nim.camel.yaml", "\"{{caravan.nim.base-url}}\"", "\"" + first.url() + "\"");
      try (Gateway gateway = start(first)) {
        assertThat(gateway.post("/v1/messages", HI).body()).contains("from the first");

        edit("providers/nim.camel.yaml", first.url(), second.url());

        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () ->
                    assertThat(gateway.post("/v1/messages", HI).body())
                        .contains("from the second"));
      }
    }
  }

  @ParameterizedTest(name = "{3}")
  @CsvSource({
    "stream-openai.camel.yaml, ref: finishMessage, ref: noSuchBean, noSuchBean",
    "messages.camel.yaml, uri: direct:open-answer, uri: nocomponent:open-answer, nocomponent",
    "messages.camel.yaml, - route:, '- route: [', messages.camel.yaml",
    "stream-openai.camel.yaml, ref: finishMessage, ref: finishPassed, the bean finishPassed is now finishPassThrough"
  })
  void keepsTheRunningRouteWhereAnEditIsWrong(String file, String from, String to, String named)
      throws Exception {
    OneRun.copyApplication(directory);
    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        Gateway gateway = start(upstream)) {
      upstream.answer(request -> Script.says("as it was"));

      edit(file, from, to);
      RouteWatcherReloadStrategy reload =
          gateway.context().hasService(RouteWatcherReloadStrategy.class);
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(reload.lastErrorMessage())
                      .contains(named)
                      .contains("stay as they were"));
      assertThat(gateway.post("/v1/messages", HI).body()).contains("as it was");
    }
  }

  @Test
  void aProviderAnswersAsLongAsItsFileIsThere() throws Exception {
    OneRun.copyApplication(directory);
    Path file = directory.resolve("routes/providers/acme.camel.yaml");
    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        Gateway gateway = start(upstream)) {
      upstream.answer(request -> Script.says("from acme"));

      Files.writeString(file, ACME.replace("URL", upstream.url()));
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(ask(gateway, "acme/m").body()).contains("from acme"));
      assertThat(ask(gateway, "other/m").body()).contains("from acme");

      Files.writeString(file, ACME.replace("URL", upstream.url()).replace("other", "another"));
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertNoProvider(ask(gateway, "other/m"), "other"));
      assertThat(ask(gateway, "acme/m").body()).contains("from acme");
      assertThat(gateway.context().getRoute("provider-other")).isNull();

      Files.delete(file);
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertNoProvider(ask(gateway, "acme/m"), "acme"));
      assertThat(gateway.context().getRoute("provider-another")).isNull();
    }
  }

  /**
   * Each edit would take some megabytes for good. Camel's language simple remembers one context.
   */
  @Test
  void forgetsTheApplicationsThatHaveTriedEdits() throws Exception {
    OneRun.copyApplication(directory);
    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        Gateway gateway = start(upstream)) {
      upstream.answer(request -> Script.says("from acme"));

      for (String model : List.of("acme", "second", "third")) {
        Files.writeString(
            directory.resolve("routes/providers/acme.camel.yaml"),
            ACME.replace("URL", upstream.url()).replace("acme", model)
                + "- beans: [{name: remembers, type: \"%s\", initMethod: remember}]\n"
                    .formatted(Remembers.class.getName()));
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () -> assertThat(ask(gateway, model + "/m").body()).contains("from acme"));
      }

      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(Remembers.inMemory()).hasSizeLessThanOrEqualTo(2));
    }
  }

  private static void assertNoProvider(HttpResponse<String> answer, String name) {
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("not_found_error").contains("no provider " + name + ";");
  }

  @Test
  void aProviderThatASettingNamesIsKept() throws Exception {
    OneRun.copyApplication(directory);
    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        Gateway gateway = start(upstream)) {
      upstream.answer(request -> Script.says("as it was"));

      Files.delete(directory.resolve("routes/providers/nim.camel.yaml"));

      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(
                          gateway
                              .context()
                              .hasService(RouteWatcherReloadStrategy.class)
                              .lastErrorMessage())
                      .contains("MODEL is nim/test/model")
                      .contains("stay as they were"));
      assertThat(gateway.post("/v1/messages", HI).body()).contains("as it was");
    }
  }

  @Test
  void aRemovedFileGivesWayToTheBundledOneOfItsName() throws Exception {
    OneRun.copyApplication(directory);
    try (ScriptedUpstream bundled = ScriptedUpstream.start();
        ScriptedUpstream own = ScriptedUpstream.start()) {
      bundled.answer(request -> Script.says("from the bundled"));
      own.answer(request -> Script.says("from one's own"));
      Path jar = jar("routes/providers/acme.camel.yaml", ACME.replace("URL", bundled.url()));
      Path file = directory.resolve("routes/providers/acme.camel.yaml");
      Files.writeString(file, ACME.replace("URL", own.url()));
      try (CaravanProcess caravan = OneRun.serve(directory, Map.of(), jar)) {
        assertThat(post(caravan.url(), asking("acme/m"))).contains("from one's own");

        Files.delete(file);

        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () ->
                    assertThat(post(caravan.url(), asking("acme/m"))).contains("from the bundled"));
      }
    }
  }

  private static String post(String url, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + "/v1/messages"))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  private Path jar(String entry, String text) throws IOException {
    Path jar = directory.resolve("bundled.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (int slash = entry.indexOf('/'); slash > 0; slash = entry.indexOf('/', slash + 1)) {
        out.putNextEntry(new JarEntry(entry.substring(0, slash + 1)));
      }
      out.putNextEntry(new JarEntry(entry));
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return jar;
  }

  /** Does something while an application loads its routes, and while it starts them. */
  public static final class ActsEarly extends ContextBean implements StartupListener {
    private static final Queue<Path> LOADING = new ConcurrentLinkedQueue<>();
    private static final Queue<Path> STARTING = new ConcurrentLinkedQueue<>();

    public void act() throws Exception {
      put(LOADING);
      getCamelContext().addStartupListener(this);
    }

    @Override
    public void onCamelContextStarted(CamelContext context, boolean alreadyStarted) {
      put(STARTING);
    }

    /** Puts files beside the routes into them, as an editor would. */
    private static void put(Queue<Path> edited) {
      for (Path file = edited.poll(); file != null; file = edited.poll()) {
        try {
          Files.move(
              file,
              file.getParent().resolve("routes").resolve(file.getFileName()),
              REPLACE_EXISTING);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void actEarly() throws IOException {
    Files.writeString(
        directory.resolve("routes/early.camel.yaml"),
        "- beans: [{name: early, type: \"%s\", initMethod: act}]\n"
            .formatted(ActsEarly.class.getName()));
  }

  @Test
  void takesAnEditOfTheTimeInWhichRoutesAreLoaded() throws Exception {
    OneRun.copyApplication(directory);
    actEarly();
    try (ScriptedUpstream upstream = ScriptedUpstream.start()) {
      upstream.answer(request -> Script.says("from acme"));
      Path edited = directory.resolve("acme.camel.yaml");
      Files.writeString(edited, ACME.replace("URL", upstream.url()));
      ActsEarly.LOADING.add(edited);
      try (Gateway gateway = start(upstream)) {
        await()
            .atMost(PATIENCE)
            .untilAsserted(() -> assertThat(ask(gateway, "acme/m").body()).contains("from acme"));
      }
    }
  }

  @Test
  void keepsARouteWhoseFileIsEditedWronglyWhileItStarts() throws Exception {
    OneRun.copyApplication(directory);
    actEarly();
    String name = "stream-openai.camel.yaml";
    Path edited = directory.resolve(name);
    Files.writeString(
        edited,
        Files.readString(directory.resolve("routes").resolve(name))
            .replace("ref: finishMessage", "ref: noSuchBean"));
    ActsEarly.STARTING.add(edited);
    try (Warnings warnings = Warnings.listen();
        ScriptedUpstream upstream = ScriptedUpstream.start();
        Gateway gateway = start(upstream)) {
      upstream.answer(request -> Script.says("as it was"));
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(warnings.lines())
                      .anySatisfy(
                          line -> assertThat(line).contains("noSuchBean", "stay as they were")));
      assertThat(gateway.post("/v1/messages", HI).body()).contains("as it was");
    }
  }

  /** Camel's own way with an edit would remove a route that can't be built again. */
  @Test
  void watchesFilesBeforeAnybodyIsToldThatItIsReady() throws Exception {
    List<Object> watching = new CopyOnWriteArrayList<>();
    StartupListener other =
        new StartupListener() {
          @Override
          public void onCamelContextStarted(CamelContext context, boolean alreadyStarted) {}

          @Override
          public void onCamelContextFullyStarted(CamelContext context, boolean alreadyStarted) {
            watching.add(context.hasService(RouteWatcherReloadStrategy.class).getResourceReload());
          }
        };
    try (ScriptedUpstream upstream = ScriptedUpstream.start()) {
      RouteBuilder own =
          new RouteBuilder() {
            @Override
            public void configure() throws Exception {
              getContext().addStartupListener(other);
            }
          };
      Gateway.before(upstream, own).close();
    }
    assertThat(watching).singleElement().isInstanceOf(TriedEdits.class);
  }

  /** The real process: what Camel would say of it as well is not in the log. */
  @Test
  void saysInOneLineWhyAnEditIsNotTaken() throws Exception {
    OneRun.copyApplication(directory);
    try (CaravanProcess caravan = OneRun.serve(directory, Map.of())) {
      int before = Files.readAllLines(caravan.log()).size();

      Path edited = directory.resolve("edited");
      Files.copy(directory.resolve("routes/stream-openai.camel.yaml"), edited);
      Files.writeString(
          edited, Files.readString(edited).replace("ref: finishMessage", "ref: finishMesage"));
      Files.move(edited, directory.resolve("routes/stream-openai.camel.yaml"), REPLACE_EXISTING);

      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(caravan.log()).content().contains("stay as they were"));
      assertThat(Files.readAllLines(caravan.log()).stream().skip(before))
          .singleElement()
          .asString()
          .contains("WARN", "routes/stream-openai.camel.yaml", "finishMesage");
    }
  }

  @Test
  void warnsOfAnOnExceptionThatIsNeverAsked() throws Exception {
    OneRun.copyApplication(directory);
    Files.writeString(
        directory.resolve("routes/mine.camel.yaml"),
        """
        - onException:
            exception: java.lang.Exception
            steps:
              - log: mine
        - route:
            id: mine
            from:
              uri: direct:mine
              steps:
                - log: mine
        - route:
            id: mine-with-handler
            errorHandler: {defaultErrorHandler: {}}
            from:
              uri: direct:mine-with-handler
              steps:
                - log: mine
        """);
    try (Warnings warnings = Warnings.listen();
        ScriptedUpstream upstream = ScriptedUpstream.start();
        Gateway gateway = start(upstream)) {
      assertThat(gateway.context().getRoute("mine")).isNotNull();
      assertThat(warnings.lines())
          .singleElement()
          .asString()
          .contains("routes/mine.camel.yaml: route mine has an onException")
          .contains("errorHandler: {defaultErrorHandler: {}}");
    }
  }

  /** The last resort: the client gets an error, and the request holds nothing any more. */
  @Test
  void endsAStreamWhoseErrorHandlingFails() throws Exception {
    OneRun.copyApplication(directory);
    String fails = "\"#class:%s\"".formatted(Fails.class.getName());
    edit("errors.camel.yaml", "id: write-error\n            ref: writeError", "ref: " + fails);
    edit(
        "stream-openai.camel.yaml",
        "                  ref: writeEvents\n",
        "                  ref: writeEvents\n              - process: {ref: " + fails + "}\n");

    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        Gateway gateway = start(upstream)) {
      upstream.enqueue(Script.says("Hello"));

      HttpResponse<String> answer =
          gateway.post("/v1/messages", HI.replace("{\"model\"", "{\"stream\":true,\"model\""));

      assertThat(answer.body())
          .contains("event: message_start")
          .endsWith(
              "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\","
                  + "\"message\":\"Internal server error\"}}\n\n");
      gateway.awaitNothingOpen();
    }
  }

  /** Routes that are edited later go on with the Kamelet of the start, and none is left behind. */
  @Test
  void anEditedKameletWaitsForTheNextStart() throws Exception {
    OneRun.copyApplication(directory);
    try (ScriptedUpstream upstream = ScriptedUpstream.start()) {
      upstream.answer(request -> Script.says("from the upstream"));
      Map<String, String> settings =
          Map.of("NIM_BASE_URL", upstream.url(), "NVIDIA_API_KEY", "a-key", "NIM_RATE_LIMIT", "0");
      try (CaravanProcess caravan = OneRun.serve(directory, settings)) {
        // Camel watches the folder from some moment after the start on.
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () -> {
                  edit("kamelets/caravan-call-action.kamelet.yaml", "steps:", "steps: # edited");
                  assertThat(Files.readString(caravan.log()))
                      .contains("an edited Kamelet takes effect at the next start");
                });
        edit("kamelets/caravan-call-action.kamelet.yaml", "kamelet:source", "kamelet:nowhere");
        assertThat(post(caravan.url(), HI)).contains("from the upstream");

        edit("messages.camel.yaml", "id: messages\n", "id: messages\n    # edited\n");
        edit("kamelets/caravan-call-action.kamelet.yaml", "kamelet:nowhere", "kamelet:source");
        edit("messages.camel.yaml", "description: Anthropic's", "description: Now Anthropic's");
        awaitLog(caravan, "routes/messages.camel.yaml counts from now on");
        assertThat(post(caravan.url(), HI)).contains("from the upstream");
        assertThat(Files.readString(caravan.log())).doesNotContain(" ERROR ", "\tat ");
      }
    }
  }

  private static void awaitLog(CaravanProcess caravan, String text) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(Files.readString(caravan.log())).contains(text));
  }

  private static String asking(String model) {
    return HI.replace("claude-sonnet", model);
  }

  private static HttpResponse<String> ask(Gateway gateway, String model) throws Exception {
    return gateway.post("/v1/messages", asking(model));
  }

  private Gateway start(ScriptedUpstream upstream) throws Exception {
    return Gateway.in(
        directory,
        upstream,
        "camel.main.routesReloadDirectory",
        directory.resolve("routes").toString());
  }

  private void edit(String file, String from, String to) throws IOException {
    Path path = directory.resolve("routes").resolve(file);
    String text = Files.readString(path);
    assertThat(text).contains(from);
    Files.writeString(path, text.replace(from, to));
  }
}
