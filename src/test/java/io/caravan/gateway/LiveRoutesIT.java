package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.CaravanTestAccess;
import io.caravan.testkit.Chunks;
import io.caravan.testkit.OneRun;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.test.main.junit5.CamelMainTestSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests that edits of YAML take effect in a running application without a build or a restart. */
class LiveRoutesIT extends CamelMainTestSupport {
  private static final Duration RELOAD = Duration.ofSeconds(30);
  private static final String HI =
      "{\"model\":\"claude-sonnet\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  private static final String ACME =
      """
      - beans:
          - name: acme
            type: io.caravan.provider.Provider
            properties:
              name: acme
              baseUrl: "%s"
      """;

  private final HttpClient http = HttpClient.newHttpClient();
  private final ScriptedUpstream first =
      ScriptedUpstream.start().answer(request -> Script.says("from the first"));
  private final ScriptedUpstream second =
      ScriptedUpstream.start().answer(request -> Script.says("from the second"));
  private final Path directory;

  /** Replaces Caravan's token counter. */
  public static final class CountsSeven implements Processor {
    @Override
    public void process(Exchange exchange) {
      exchange.setProperty("CaravanInputTokens", 7L);
    }
  }

  LiveRoutesIT() throws IOException {
    directory = Files.createTempDirectory("live-routes");
    OneRun.copyApplication(directory);
    Files.writeString(
        directory.resolve("application.properties"),
        """

        caravan.port = 0
        caravan.management-port = 0
        caravan.exit-on-fault = false
        caravan.models.list = false
        caravan.model.default = nim/test/model
        caravan.nim.base-url = %s
        camel.main.routesReloadDirectory = %s
        camel.component.kamelet.location = file:%s
        """
            .formatted(
                first.url(), directory.resolve("routes"), directory.resolve("routes/kamelets")),
        StandardOpenOption.APPEND);
  }

  @AfterEach
  void stop() {
    first.close();
    second.close();
  }

  @Override
  protected String getPropertyPlaceholderLocations() {
    return "file:" + directory.resolve("application.properties");
  }

  @Override
  protected void configure(MainConfigurationProperties configuration) {
    try {
      configuration.withRoutesIncludePattern(CaravanTestAccess.routes(directory));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void takesAProcessorOfTheUsersOwnInPlaceOfTheTokenCounter() throws Exception {
    assertThat(post("/v1/messages/count_tokens")).doesNotContain(":7}");

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

    await()
        .atMost(RELOAD)
        .untilAsserted(
            () -> assertThat(post("/v1/messages/count_tokens")).isEqualTo("{\"input_tokens\":7}"));
  }

  @Test
  void callsAnotherServerOnceItsProvidersFileSaysSo() throws Exception {
    assertThat(post("/v1/messages")).contains("from the first");

    edit("providers/nim.camel.yaml", "\"{{caravan.nim.base-url}}\"", "\"" + second.url() + "\"");

    await()
        .atMost(RELOAD)
        .untilAsserted(() -> assertThat(post("/v1/messages")).contains("from the second"));
  }

  /** A provider without a route of its own: its file is beans alone. */
  @Test
  void callsANewProviderOnceItsFileIsThere() throws Exception {
    assertThat(post("/v1/messages", HI.replace("claude-sonnet", "acme/m"))).contains("no provider");
    Path file = directory.resolve("routes/providers/acme.camel.yaml");

    replace(file, ACME.formatted(first.url()));
    await()
        .atMost(RELOAD)
        .untilAsserted(
            () ->
                assertThat(post("/v1/messages", HI.replace("claude-sonnet", "acme/m")))
                    .contains("from the first"));

    replace(file, ACME.formatted(second.url()));
    await()
        .atMost(RELOAD)
        .untilAsserted(
            () ->
                assertThat(post("/v1/messages", HI.replace("claude-sonnet", "acme/m")))
                    .contains("from the second"));
  }

  @Test
  void disturbsNoStreamThatIsOpenWhenAProvidersFileIsEdited() throws Exception {
    CompletableFuture<Void> edited = new CompletableFuture<>();
    first.enqueue(
        Script.stream(Chunks.role(), Chunks.text("before"))
            .await(edited)
            .write(Chunks.text("after") + Chunks.finish("stop") + Chunks.DONE));
    CompletableFuture<HttpResponse<String>> open =
        http.sendAsync(request("/v1/messages", HI), HttpResponse.BodyHandlers.ofString());
    first.takeCompletion(RELOAD);

    edit("providers/nim.camel.yaml", "\"{{caravan.nim.base-url}}\"", "\"" + second.url() + "\"");
    await()
        .atMost(RELOAD)
        .untilAsserted(() -> assertThat(post("/v1/messages")).contains("from the second"));
    edited.complete(null);

    assertThat(open.get(30, TimeUnit.SECONDS).body()).contains("beforeafter");
  }

  private String post(String path) throws Exception {
    return post(path, HI);
  }

  private String post(String path, String body) throws Exception {
    return http.send(request(path, body), HttpResponse.BodyHandlers.ofString()).body();
  }

  private HttpRequest request(String path, String body) {
    int port =
        context().getRegistry().findByType(VertxPlatformHttpRouter.class).stream()
            .filter(VertxPlatformHttpRouter::isMainServer)
            .findFirst()
            .orElseThrow()
            .getServer()
            .getServer()
            .actualPort();
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .header("content-type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private void edit(String file, String from, String to) throws IOException {
    Path path = directory.resolve("routes").resolve(file);
    String text = Files.readString(path);
    assertThat(text).contains(from);
    replace(path, text.replace(from, to));
  }

  /** Replaces a file at once: Camel's own reload may read the half of one that is written. */
  private void replace(Path file, String text) throws IOException {
    Path whole = Files.writeString(directory.resolve("whole"), text);
    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
