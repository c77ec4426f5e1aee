package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.http.MessageRouters;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.Ports;
import io.caravan.testkit.RawClient;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import io.vertx.ext.web.Route;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that a client's key shows nothing of another's requests, at any path of the port of
 * clients: the paths are the server's own, so that a new one has to be looked at here.
 */
@Timeout(60)
class OneKeyAloneIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String OPERATOR = "key-of-the-operator";
  private static final String ANN = "key-of-ann-who-looks";
  private static final String BEN = "key-of-ben-who-is-private";

  /** Every word that only a request of Ben's has. */
  private static final String[] BENS = {
    "session-of-ben",
    "agent-of-ben",
    "software-of-ben",
    "prompt of ben",
    "answer to ben",
    "tool_of_ben"
  };

  private final HttpClient http = HttpClient.newHttpClient();
  @TempDir Path directory;
  private ScriptedUpstream upstream;
  private Gateway gateway;
  private String bens;

  @BeforeEach
  void start() throws Exception {
    upstream = ScriptedUpstream.start().answer(request -> Script.says("answer to ben"));
    gateway =
        Gateway.before(
            upstream,
            "caravan.model.default",
            "nim/first/model",
            "caravan.admin-key",
            OPERATOR,
            "caravan.api-keys",
            ANN + "," + BEN,
            "caravan.explain",
            "true",
            "caravan.record.enabled",
            "true",
            "caravan.record.directory",
            directory.toString(),
            // With a port that the system chooses, Camel takes one server for the other.
            "camel.management.port",
            String.valueOf(Ports.free()));
    HttpResponse<String> response =
        gateway.post(
            "/v1/messages",
            """
            {"model":"claude-sonnet","max_tokens":9,"tools":[{"name":"tool_of_ben","input_schema":{"type":"object"}}],
             "messages":[{"role":"user","content":"prompt of ben"}]}""",
            "x-api-key",
            BEN,
            "x-claude-code-session-id",
            "session-of-ben",
            "x-claude-code-agent-id",
            "agent-of-ben",
            "user-agent",
            "software-of-ben");
    bens = response.headers().firstValue("request-id").orElseThrow();
    await().until(() -> Files.exists(directory.resolve(bens + ".case")));
    await().until(() -> get("/console/state", "cookie", logIn(OPERATOR)).body().contains(bens));
  }

  @AfterEach
  void stop() {
    gateway.close();
    upstream.close();
  }

  private HttpResponse<String> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(gateway.url() + path));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private String logIn(String key) throws Exception {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(URI.create(gateway.url() + "/console/login"))
                .header("content-type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("key=" + key))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    String cookie = response.headers().firstValue("set-cookie").orElseThrow();
    return cookie.substring(0, cookie.indexOf(';'));
  }

  private void assertNothingOfBen(String what, String body) {
    assertThat(body).as(what).doesNotContain(BENS).doesNotContain(bens, BEN);
  }

  @Test
  void theConsoleShowsTheOperatorAllThatTheOtherTestsLookFor() throws Exception {
    String cookie = logIn(OPERATOR);

    assertThat(get("/console/state", "cookie", cookie).body())
        .contains("session-of-ben", "agent-of-ben", "software-of-ben");
    assertThat(
            JSON.readTree(get("/console/state", "cookie", cookie).body())
                .at("/usage/days/0/keys/0/requests")
                .asInt())
        .isEqualTo(1);
    assertThat(get("/console/recordings/" + bens, "cookie", cookie).body())
        .contains("prompt of ben", "answer to ben", "tool_of_ben")
        .doesNotContain(BEN);
  }

  @Test
  void noPathOfTheConsoleShowsOneKeyTheRequestsOfAnother() throws Exception {
    String cookie = logIn(ANN);

    for (String path : paths()) {
      String asked = path.replace(":id", bens).replace(":file", "console.js");
      if (path.equals("/console/events")) {
        continue;
      }
      String body = get(asked, "cookie", cookie, "accept", "text/html").body();
      assertNothingOfBen(asked, body);
    }
    assertThat(
            JSON.readTree(get("/console/state", "cookie", cookie).body()).at("/usage/days/0/keys"))
        .isEmpty();
    assertThat(get("/console/recordings/" + bens, "cookie", cookie).statusCode()).isEqualTo(404);
    assertThat(get("/console/recordings/" + bens).statusCode()).isEqualTo(401);
  }

  @Test
  void noStreamOfTheConsoleDoesEither() throws Exception {
    String cookie = logIn(ANN);

    try (RawClient events = RawClient.connect(gateway.port())) {
      events.write(
          "GET /console/events HTTP/1.1\r\nHost: localhost\r\nCookie: " + cookie + "\r\n\r\n");
      events.readUntil(": the console");
      ask(BEN, "session-of-ben");
      ask(ANN, "session-of-ann");
      assertNothingOfBen("/console/events", events.readUntil("session-of-ann"));
    }
  }

  private HttpResponse<String> ask(String key, String session) throws Exception {
    return gateway.post(
        "/v1/messages",
        "{\"model\":\"claude-sonnet\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}",
        "x-api-key",
        key,
        "x-claude-code-session-id",
        session);
  }

  @Test
  void anExplanationShowsNothingOfAnothersRequests() throws Exception {
    HttpResponse<String> explained =
        gateway.post(
            "/v1/messages?explain=true",
            "{\"model\":\"claude-sonnet\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}",
            "x-api-key",
            ANN,
            "x-claude-code-session-id",
            "session-of-ann");

    assertThat(explained.statusCode()).isEqualTo(200);
    assertNothingOfBen("explain", explained.body());
  }

  @Test
  void whatTheManagementPortShowsIsNotOnThePortOfClients() throws Exception {
    for (String path :
        new String[] {
          "/observe/usage",
          "/observe/limits",
          "/observe/learned",
          "/observe/metrics",
          "/observe/health"
        }) {
      HttpResponse<String> response = get(path, "x-api-key", ANN, "cookie", logIn(ANN));
      assertThat(response.statusCode()).as(path).isEqualTo(404);
      assertNothingOfBen(path, response.body());
    }
  }

  @Test
  void onlyAnOperatorChecksModels() throws Exception {
    for (String cookie : new String[] {logIn(ANN), "none=none"}) {
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(URI.create(gateway.url() + "/console/check"))
                  .header("content-type", "application/x-www-form-urlencoded")
                  .header("cookie", cookie)
                  .POST(HttpRequest.BodyPublishers.ofString("name=nim/first/model"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(403);
    }
    assertThat(JSON.readTree(get("/console/state", "cookie", logIn(ANN)).body()).has("models"))
        .isFalse();
  }

  /** Returns the paths of the console, and those of every other route that takes no body. */
  private Set<String> paths() {
    VertxPlatformHttpRouter router =
        gateway.context().getRegistry().findByType(VertxPlatformHttpRouter.class).stream()
            .filter(MessageRouters::servesMessages)
            .findFirst()
            .orElseThrow();
    Set<String> paths =
        router.getRoutes().stream()
            .filter(route -> route.methods() == null || route.methods().toString().contains("GET"))
            .map(Route::getPath)
            .filter(Objects::nonNull)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(paths).contains("/", "/console/state", "/console/events", "/console/recordings/:id");
    return paths;
  }
}
