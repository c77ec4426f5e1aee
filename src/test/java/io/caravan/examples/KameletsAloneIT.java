package io.caravan.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.anthropic.MessagesRequest;
import io.caravan.exchange.Attempt;
import io.caravan.exchange.CallFailedException;
import io.caravan.exchange.Conversations;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.ModelChoice;
import io.caravan.exchange.UpstreamStream;
import io.caravan.http.UpstreamHttp;
import io.caravan.limits.client.Client;
import io.caravan.limits.client.ClientKeys;
import io.caravan.limits.upstream.AdmissionRefused;
import io.caravan.models.ModelDirectory;
import io.caravan.provider.Provider;
import io.caravan.testkit.Chunks;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import io.caravan.tokens.JtokkitTokenCounter;
import io.caravan.tokens.TokenCounter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NoSuchBeanException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The Kamelets in a Camel application that has no setting and no bean of Caravan's. */
class KameletsAloneIT {
  private static final String HI =
      "{\"model\":\"%s\",\"max_tokens\":%d,\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}";

  private static final String EVENTS =
      """
      event: message_start
      data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant",\
      "model":"a-model","content":[],"usage":{"input_tokens":42,"output_tokens":1}}}

      event: content_block_start
      data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

      event: content_block_delta
      data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}}

      event: message_stop
      data: {"type":"message_stop"}

      """;

  private final CamelContext camel = new DefaultCamelContext();

  @AfterEach
  void stop() {
    camel.stop();
  }

  private Exchange run(String body, String... stages) throws Exception {
    start(stages);
    return camel
        .createProducerTemplate()
        .send(
            "direct:in",
            exchange -> exchange.getMessage().setBody(body.getBytes(StandardCharsets.UTF_8)));
  }

  private void start(String... stages) throws Exception {
    String steps =
        Arrays.stream(stages)
            .map(
                stage ->
                    "        - to: kamelet:caravan-" + stage.replaceFirst("$|(?=\\?)", "-action"))
            .collect(Collectors.joining("\n"));
    String route = "- route:\n    from:\n      uri: direct:in\n      steps:\n" + steps + "\n";
    PluginHelper.getRoutesLoader(camel)
        .loadRoutes(ResourceHelper.fromString("alone.camel.yaml", route));
    camel.start();
  }

  private static String hi(String model) {
    return HI.formatted(model, 9, "Hi there");
  }

  private static void succeeded(Exchange exchange) {
    assertThat((Throwable) exchange.getException()).isNull();
  }

  /** The application's own: which models there are, and where. */
  private void declareModel(ScriptedUpstream upstream, String protocol) {
    Provider server = new Provider();
    server.setName("server");
    server.setBaseUrl(upstream.url());
    server.setProtocol(protocol);
    camel.getRegistry().bind("server", server);
    ModelDirectory models = new ModelDirectory();
    models.setCamelContext(camel);
    models.setDefaultModel("server/a-model");
    camel.getRegistry().bind("caravanModels", models);
  }

  @Test
  void readsCountsAndLimitsARequest() throws Exception {
    Exchange exchange =
        run(
            hi("any"),
            "read-request",
            "answer-locally",
            "keep-alive",
            "count-tokens",
            "limit-client");

    succeeded(exchange);
    assertThat(exchange.getProperty("CaravanRequest", MessagesRequest.class).model())
        .isEqualTo("any");
    assertThat(exchange.getProperty("CaravanLocalAnswer")).isNull();
    assertThat(exchange.getProperty("CaravanInputTokens", Long.class)).isBetween(2L, 20L);
  }

  @Test
  void answersAHousekeepingCallLocally() throws Exception {
    Exchange exchange =
        run(
            HI.formatted("any", 1, "quota").replace("true", "false"),
            "read-request",
            "answer-locally");

    succeeded(exchange);
    assertThat(exchange.getProperty("CaravanLocalAnswer")).isEqualTo("quota");
  }

  @Test
  void convertsARequestAndCallsAModelServer() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.start()) {
      declareModel(upstream, Provider.OPENAI);
      upstream.enqueue(Script.says("Hello there"));

      Exchange exchange =
          run(
              hi("any"),
              "read-request",
              "choose-model",
              "count-tokens",
              "convert",
              "admit",
              "call");

      succeeded(exchange);
      assertThat(upstream.takeCompletion(Duration.ofSeconds(5)).text())
          .contains("\"model\":\"a-model\"", "Hi there");
      assertThat(exchange.getMessage().getBody()).isInstanceOf(UpstreamStream.class);
    }
  }

  /** The application reads the stream after the exchange, and nothing of Caravan's ends it. */
  @Test
  void givesAPermitBackWhenTheStreamIsClosedOrThereIsNone() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.start()) {
      declareModel(upstream, Provider.OPENAI);
      upstream.enqueue(
          Script.stream(Chunks.role(), Chunks.text("broken")).reset(),
          Script.json(400, "{\"error\":{\"message\":\"refused\"}}"),
          Script.says("whole"));
      start(
          "read-request",
          "choose-model",
          "convert",
          "admit?maxConcurrency=1&maxWaitMillis=0",
          "call");

      Exchange broken = ask();
      succeeded(broken);
      assertThat((Throwable) ask().getException()).isInstanceOf(AdmissionRefused.class);
      // As the splitter does when the stream breaks.
      broken.getMessage().getBody(UpstreamStream.class).close();
      assertThat((Throwable) ask().getException()).isInstanceOf(CallFailedException.class);
      succeeded(ask());
    }
  }

  private Exchange ask() {
    return camel
        .createProducerTemplate()
        .send(
            "direct:in",
            exchange -> exchange.getMessage().setBody(hi("any").getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void passesARequestThroughAndAsksForItsCount() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.start()) {
      declareModel(upstream, Provider.ANTHROPIC);
      upstream.answerElse(
          request ->
              request.path().endsWith("/count_tokens")
                  ? Script.json(200, "{\"input_tokens\":42}")
                  : Script.stream(EVENTS));

      Exchange exchange =
          run(hi("any"), "read-request", "choose-model", "ask-count", "pass-through", "call");

      succeeded(exchange);
      assertThat(exchange.getProperty("CaravanInputTokens")).isEqualTo(42L);
      assertThat(exchange.getMessage().getBody()).isInstanceOf(UpstreamStream.class);
    }
  }

  @Test
  void holdsAClientOfTheApplicationsToItsKey() throws Exception {
    start("limit-client");
    Client ann = new Client("ann", 1, 0, 0, List.of());

    Exchange first = camel.createProducerTemplate().send("direct:in", each -> holdBy(each, ann));
    Exchange second = camel.createProducerTemplate().send("direct:in", each -> holdBy(each, ann));

    succeeded(first);
    assertThat((Throwable) second.getException()).hasMessageContaining("1 request");
  }

  private static void holdBy(Exchange exchange, Client client) {
    GatewayRequest.of(exchange).setKey(client);
    Attempt.start(exchange, new ModelChoice("any", new Provider(), "any", null));
  }

  /** Only the application knows its keys and its models. */
  @ParameterizedTest
  @CsvSource({
    "accept, caravanClientKeys, io.caravan.limits.client.ClientKeys, keys",
    "choose-model, caravanModels, io.caravan.models.ModelDirectory, models"
  })
  void saysWhichBeanTheApplicationMustDeclare(
      String stage, String bean, String type, String parameter) {
    assertThatThrownBy(() -> start(stage))
        .isInstanceOf(NoSuchBeanException.class)
        .hasMessage(
            "kamelet:caravan-%s-action needs the bean %s of type %s, and this application declares none. Declare it as Caravan's routes/beans.camel.yaml does, or name another bean in the parameter %s"
                .formatted(stage, bean, type, parameter));
  }

  @Test
  void takesABeanThatTheApplicationNamesInsteadOfAMissingOne() throws Exception {
    camel.getRegistry().bind("myKeys", new ClientKeys());

    start("accept?keys=myKeys");

    assertThat(camel.isStarted()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"caravanTokenCounter, count-tokens", "mine, count-tokens?counter=mine"})
  void countsWithTheApplicationsOwnCounter(String name, String stage) throws Exception {
    TokenCounter seven = (request, tenant) -> 7;
    camel.getRegistry().bind(name, seven);

    Exchange exchange = run(hi("any"), "read-request", stage);

    assertThat(exchange.getProperty("CaravanInputTokens")).isEqualTo(7L);
    assertThat(camel.getRegistry().findByType(TokenCounter.class)).containsExactly(seven);
  }

  @Test
  void makesABeanOnceItIsAskedForAndForAllKameletsTheSame() throws Exception {
    start("count-tokens", "convert");

    assertThat(camel.getRegistry().lookupByName("caravanTokenCounter"))
        .isInstanceOf(JtokkitTokenCounter.class)
        .isSameAs(camel.getRegistry().lookupByName("caravanTokenCounter"));
    assertThat(camel.getRegistry().findByType(Conversations.class)).hasSize(1);
  }

  @Test
  void closesWithTheApplicationWhatItHasMade() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.start()) {
      declareModel(upstream, Provider.OPENAI);
      upstream.enqueue(
          Script.stream(Chunks.role(), Chunks.text("Hello")).await(new CompletableFuture<>()));
      run(hi("any"), "read-request", "choose-model", "convert", "call");
      UpstreamHttp http =
          camel.getRegistry().lookupByNameAndType("caravanUpstreamHttp", UpstreamHttp.class);
      assertThat(http.poolStats().getLeased()).isEqualTo(1);

      camel.stop();

      assertThat(http.poolStats().getLeased()).isZero();
    }
  }

  static List<String> kamelets() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("routes/kamelets"))) {
      return files
          .map(file -> file.getFileName().toString())
          .map(name -> name.replaceAll("caravan-|-action.kamelet.yaml", ""))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("kamelets")
  void startsWithNoParameter(String stage) throws Exception {
    camel.getRegistry().bind("caravanModels", new ModelDirectory());
    camel.getRegistry().bind("caravanClientKeys", new ClientKeys());

    start(stage);

    assertThat(camel.isStarted()).isTrue();
  }
}
