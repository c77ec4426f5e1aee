package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.testkit.Gateway;
import io.caravan.testkit.OneRun;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import io.caravan.testkit.Warnings;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** However a provider is called, by whatever routes: its failures are retried and told. */
class CalledRoutesIT {
  private static final String HI =
      "{\"model\":\"%s\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  private static final String BEAN =
      """
      - beans:
          - name: NAME
            type: io.caravan.provider.Provider
            properties:
              name: NAME
              baseUrl: "URL"
      """;

  private static final String ROUTED =
      """
      - route:
          id: provider-routed
          from:
            uri: direct:provider-routed
            steps:
              - to: {uri: kamelet:caravan-convert-action}
              - to: {uri: kamelet:caravan-call-action}
      """;

  private static final String SUB_ROUTE =
      """
      - route:
          id: provider-sub
          from:
            uri: direct:provider-sub
            steps:
              - to: {uri: kamelet:caravan-convert-action}
              - to: {uri: direct:my-call}
      - route:
          id: my-call
          from:
            uri: direct:my-call
            steps:
              - to: {uri: kamelet:caravan-call-action}
      """;

  private static final String TEMPLATED =
      """
      - routeTemplate:
          id: my-provider
          parameters:
            - name: provider
          from:
            uri: direct:provider-{{provider}}
            steps:
              - to: {uri: kamelet:caravan-convert-action}
              - to: {uri: kamelet:caravan-call-action}
      - templatedRoute:
          routeTemplateRef: my-provider
          routeId: provider-templated
          parameters:
            - name: provider
              value: templated
      """;

  /** With an error handler of its own, which looks at the failure and leaves it. */
  private static final String HANDLED =
      """
      - onException:
          exception: java.lang.Exception
          redeliveryPolicy: {logExhausted: "false"}
          steps:
            - process: {ref: "#class:io.caravan.gateway.CalledRoutesIT$Looks"}
      - route:
          id: provider-handled
          errorHandler: {defaultErrorHandler: {}}
          from:
            uri: direct:provider-handled
            steps:
              - to: {uri: kamelet:caravan-convert-action}
              - to: {uri: kamelet:caravan-call-action}
      """;

  @TempDir static Path directory;
  private static ScriptedUpstream upstream;
  private static Gateway gateway;
  private static final AtomicInteger LOOKS = new AtomicInteger();

  /** A step of the user's own error handling. */
  public static final class Looks implements Processor {
    @Override
    public void process(Exchange exchange) {
      LOOKS.incrementAndGet();
    }
  }

  @BeforeAll
  static void start() throws Exception {
    upstream = ScriptedUpstream.start();
    OneRun.copyApplication(directory);
    provider("bean", "");
    provider("routed", ROUTED);
    provider("sub", SUB_ROUTE);
    provider("templated", TEMPLATED);
    provider("handled", HANDLED);
    gateway =
        Gateway.in(
            directory,
            upstream,
            "caravan.model.default",
            "bean/first/model, nim/second/model",
            "caravan.model.opus",
            "routed/first/model, nim/second/model",
            "caravan.model.sonnet",
            "sub/first/model, nim/second/model",
            "caravan.model.haiku",
            "templated/first/model, nim/second/model",
            "caravan.retry.attempts",
            "2");
  }

  private static void provider(String name, String routes) throws Exception {
    String file = BEAN.replace("NAME", name).replace("URL", upstream.url());
    boolean first = routes.startsWith("- onException");
    Files.writeString(
        directory.resolve("routes/providers/my-" + name + ".camel.yaml"),
        first ? routes + file : file + routes);
  }

  @AfterAll
  static void stop() {
    gateway.close();
    upstream.close();
  }

  @BeforeEach
  void forget() {
    upstream.forget();
    upstream.answer(request -> null);
    LOOKS.set(0);
  }

  private static HttpResponse<String> ask(String model) throws Exception {
    return gateway.post("/v1/messages", HI.formatted(model));
  }

  private static Script failure(int status) {
    return Script.json(status, "{\"error\":{\"message\":\"no\"}}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bean", "routed", "sub", "templated", "handled"})
  void aFailedCallIsMadeAgain(String provider) throws Exception {
    upstream.enqueue(failure(500), Script.says("at last"));

    try (Warnings warnings = Warnings.listen()) {
      HttpResponse<String> answer = ask(provider + "/retried");

      assertThat(answer.body()).contains("at last");
      assertThat(answer.headers().firstValue("caravan-tried"))
          .hasValue(provider + "/retried api_error");
      assertThat(warnings.lines()).isEmpty();
    }
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource({
    "default, bean",
    "claude-opus, routed",
    "claude-sonnet, sub",
    "claude-haiku, templated"
  })
  void theNextModelAnswersWhereTheFirstAsksForAPause(String model, String provider)
      throws Exception {
    upstream.answer(
        request ->
            request.text().contains("first/model")
                ? Script.json(429, "{\"error\":{\"message\":\"slow\"}}", "Retry-After: 30")
                : Script.says("from the second"));

    HttpResponse<String> answer = ask(model);

    assertThat(answer.body()).contains("from the second");
    assertThat(answer.headers().firstValue("caravan-tried"))
        .hasValue(provider + "/first/model rate_limit_error");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "bean, 400, invalid_request_error",
    "bean, 429, rate_limit_error",
    "bean, 500, api_error",
    "routed, 400, invalid_request_error",
    "routed, 429, rate_limit_error",
    "routed, 500, api_error",
    "sub, 400, invalid_request_error",
    "sub, 429, rate_limit_error",
    "sub, 500, api_error",
    "templated, 400, invalid_request_error",
    "templated, 429, rate_limit_error",
    "templated, 500, api_error",
    "handled, 400, invalid_request_error",
    "handled, 429, rate_limit_error",
    "handled, 500, api_error"
  })
  void theClientIsToldInJson(String provider, int status, String type) throws Exception {
    upstream.answer(request -> failure(status));

    HttpResponse<String> answer = ask(provider + "/fails-with-" + status);

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(answer.body())
        .startsWith("{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\"");
    assertThat(upstream.completions()).hasSize(status == 400 ? 1 : 2);
  }

  /** The user's own {@code onException} runs for each call that fails. */
  @Test
  void anErrorHandlerOfTheProvidersOwnSeesEachFailure() throws Exception {
    upstream.answer(request -> failure(500));

    ask("handled/looked-at");

    assertThat(LOOKS).hasValue(2);
  }
}
