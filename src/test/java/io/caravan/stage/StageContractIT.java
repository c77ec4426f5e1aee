package io.caravan.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.anthropic.Event;
import io.caravan.exchange.Attempt;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.ModelChoice;
import io.caravan.exchange.PassThroughAnswer;
import io.caravan.json.RawJson;
import io.caravan.limits.client.Client;
import io.caravan.models.ModelDirectory;
import io.caravan.provider.Provider;
import io.caravan.stage.ExchangeContract.Row;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import io.caravan.translate.request.UpstreamRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.test.main.junit5.CamelMainTestSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each Kamelet needs and leaves what its row in docs/extend.md says, and nothing else. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StageContractIT extends CamelMainTestSupport {
  private static final String HTTP = "the message of platform-http, as it came";
  private static final String BYTES = "the client's bytes as body";
  private static final String BODY = "a body";
  private static final Set<String> SCOPES = Set.of("CaravanGatewayRequest", "CaravanAttempt");

  private static final String TO_NIM = request("nim/a-model", 9, "Hi");
  private static final String TO_ANTHROPIC = request("anthropic/a-model", 9, "Hi");

  /** The requests for which what stands behind "where" is the case. */
  private static final Map<String, String> WHERE =
      Map.of(
          "caravan-answer-locally-action",
          request("claude-haiku", 1, "quota"),
          "caravan-ask-count-action",
          TO_ANTHROPIC);

  private final ScriptedUpstream upstream =
      ScriptedUpstream.start()
          .answer(request -> Script.stream("data: {\"type\":\"message_stop\"}\n\n"))
          .answerElse(request -> Script.json(200, "{\"input_tokens\":7}"));

  /** Is what became of an exchange in one step. */
  private record Run(Set<String> left, String body, Throwable failure) {}

  private static String request(String model, int maxTokens, String text) {
    return "{\"model\":\"%s\",\"max_tokens\":%d,\"stream\":%b,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
        .formatted(model, maxTokens, maxTokens > 1, text);
  }

  StageContractIT() {
    Properties settings = new Properties();
    settings.putAll(
        Map.of(
            "camel.server.port", "0",
            "camel.management.port", "0",
            "caravan.port", "0",
            "caravan.management-port", "0",
            "caravan.exit-on-fault", "false",
            "caravan.nim.base-url", upstream.url()));
    camelContextConfiguration().withUseOverridePropertiesWithPropertiesComponent(settings);
  }

  @Override
  protected String getPropertyPlaceholderLocations() {
    return "file:application.properties";
  }

  @Override
  protected void configure(MainConfigurationProperties main) {
    main.withRoutesIncludePattern(
        "file:routes/beans.camel.yaml,file:routes/stages.camel.yaml,file:routes/providers/*.yaml");
  }

  @Override
  protected RoutesBuilder createRouteBuilder() {
    return new RouteBuilder() {
      @Override
      public void configure() {
        errorHandler(noErrorHandler());
        for (Row row : ExchangeContract.kamelets()) {
          from("direct:" + row.step()).to("kamelet:" + row.step()).to("mock:out");
        }
        from("platform-http:/http").to("direct:caravan-accept-action");
      }
    };
  }

  @AfterAll
  void stop() {
    upstream.close();
  }

  static List<Row> rows() {
    return ExchangeContract.kamelets();
  }

  @Test
  void eachKameletHasARow() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("routes/kamelets"))) {
      assertThat(files.map(file -> file.getFileName().toString().replace(".kamelet.yaml", "")))
          .containsExactlyInAnyOrderElementsOf(rows().stream().map(Row::step).toList());
    }
  }

  @Test
  void eachPropertyIsLeftByAStep() {
    Stream<Row> steps = ExchangeContract.steps().stream();
    assertThat(steps.flatMap(row -> row.leaves().all().stream()).distinct())
        .containsExactlyInAnyOrderElementsOf(ExchangeContract.properties());
  }

  @ParameterizedTest
  @MethodSource("rows")
  void leavesWhatItsRowSays(Row row) throws Exception {
    for (List<String> given : List.of(row.needs().always(), row.needs().all())) {
      Run run = run(row.step(), given, TO_NIM);

      assertThat(run.failure()).isNull();
      assertThat(run.left()).containsExactlyInAnyOrderElementsOf(row.leaves().always());
      assertThat(row.body().always().toString()).contains(run.body());
    }
  }

  static List<Row> rowsWithWhere() {
    return rows().stream().filter(row -> !row.leaves().where().isEmpty()).toList();
  }

  @ParameterizedTest
  @MethodSource("rowsWithWhere")
  void leavesMoreWhereItsRowSaysSo(Row row) throws Exception {
    Run run = run(row.step(), row.needs().always(), WHERE.get(row.step()));

    assertThat(run.failure()).isNull();
    assertThat(run.left()).containsExactlyInAnyOrderElementsOf(row.leaves().all());
    List<String> body = row.body().where().isEmpty() ? row.body().always() : row.body().where();
    assertThat(body.toString()).contains(run.body());
  }

  static Stream<Arguments> needs() {
    return rows().stream()
        .flatMap(row -> row.needs().always().stream().map(need -> Arguments.of(row, need)));
  }

  @ParameterizedTest(name = "{0} without {1}")
  @MethodSource("needs")
  void saysWhatIsMissing(Row row, String missing) throws Exception {
    List<String> given = row.needs().all().stream().filter(need -> !need.equals(missing)).toList();

    Run run = run(row.step(), given, TO_ANTHROPIC);

    assertThat(run.left()).isEmpty();
    assertThat(run.failure()).hasMessageContaining(errorWithout(missing));
    assertThat(getMockEndpoint("mock:out").getReceivedCounter()).isZero();
  }

  private static String errorWithout(String need) {
    return switch (need) {
      case HTTP -> "accept is the first step";
      case BYTES -> "The request has no body";
      default -> writerOf(need) + " comes before";
    };
  }

  private static String writerOf(String property) {
    Stream<Row> writers = rows().stream().filter(row -> row.leaves().always().contains(property));
    return writers.findFirst().orElseThrow().step().replaceAll("^caravan-|-action$", "");
  }

  /** Sends an exchange that has what is given, and nothing else, through one step. */
  private Run run(String step, List<String> given, String request) throws Exception {
    MockEndpoint out = getMockEndpoint("mock:out");
    Exchange exchange = new DefaultExchange(context);
    GatewayRequest.of(exchange).setKey(new Client("ann", 60, 100_000, 0, List.of("*")));
    for (String need : given) {
      give(exchange, need, request);
    }
    Set<String> before = properties(exchange);
    String body = exchange.getMessage().getBody(String.class);
    out.reset();
    if (given.contains(HTTP)) {
      post();
    } else {
      template.send("direct:" + step, exchange);
    }
    Exchange after = out.getExchanges().isEmpty() ? exchange : out.getExchanges().get(0);
    Set<String> left = properties(after);
    left.removeAll(before);
    Attempt.of(after).close();
    return new Run(left, kind(after.getMessage(), body), after.getException());
  }

  private void give(Exchange exchange, String need, String request) throws Exception {
    exchange.getMessage().setBody(request.getBytes(StandardCharsets.UTF_8));
    switch (need) {
      case "CaravanRequest" -> template.send("kamelet:caravan-read-request-action", exchange);
      case "CaravanModel" -> Attempt.start(exchange, modelOf(request));
      case "CaravanInputTokens" -> exchange.setProperty(need, 7L);
      case "CaravanProtocol" ->
          Attempt.of(exchange)
              .prepare(
                  exchange,
                  "anthropic",
                  UpstreamRequest.of(RawJson.of("{}")),
                  new PassThroughAnswer());
      default -> assertThat(need).isIn(HTTP, BYTES);
    }
    if (!need.equals(BYTES)) {
      exchange.getMessage().setBody(BODY);
    }
  }

  private ModelChoice modelOf(String request) {
    context
        .getRegistry()
        .lookupByNameAndType("anthropic", Provider.class)
        .setBaseUrl(upstream.url());
    ModelDirectory models = context.getRegistry().findSingleByType(ModelDirectory.class);
    return models.choose(request.contains("anthropic") ? "anthropic/a-model" : "nim/a-model");
  }

  private static Set<String> properties(Exchange exchange) {
    Set<String> names = new TreeSet<>(exchange.getAllProperties().keySet());
    names.removeIf(name -> !name.startsWith("Caravan") || SCOPES.contains(name));
    return names;
  }

  private static String kind(Message message, String before) {
    Object body = message.getBody();
    if (body == null) {
      return "none";
    }
    if (body instanceof List<?> list && list.get(0) instanceof Event) {
      return "List<Event>";
    }
    return message.getBody(String.class).equals(before)
        ? "as before"
        : body.getClass().getSimpleName();
  }

  private void post() throws Exception {
    int port =
        context.getRegistry().findByType(VertxPlatformHttpRouter.class).stream()
            .filter(VertxPlatformHttpRouter::isMainServer)
            .findFirst()
            .orElseThrow()
            .getServer()
            .getServer()
            .actualPort();
    HttpRequest call =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/http"))
            .POST(HttpRequest.BodyPublishers.ofString(BODY))
            .build();
    HttpClient.newHttpClient().send(call, HttpResponse.BodyHandlers.discarding());
  }
}
