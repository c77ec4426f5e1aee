package io.caravan.translate.error;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.anthropic.ErrorType;
import io.caravan.anthropic.Event;
import io.caravan.openai.ErrorBodies;
import io.caravan.openai.UpstreamError;
import io.caravan.provider.learned.Quirk;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FailureTranslatorTest {
  private final FailureTranslator translator =
      new FailureTranslator(Secrets.of(List.of("canary-of-the-provider")));
  private final FailureContext context =
      FailureContext.of("nim", "z-ai/glm-5.3").keySetting("NVIDIA_API_KEY");

  private Failure translate(int status, String message) {
    return translator.translate(new UpstreamError(status, null, null, message, null), context);
  }

  @Test
  void aRefusedKeyIsNamedByItsSettingAndNotAsTheClients() {
    Failure failure = translate(401, "Unauthorized");

    assertThat(failure.exception().getMessage())
        .isEqualTo(
            "nim refused the key that this gateway calls it with (HTTP 401: Unauthorized)."
                + " Check NVIDIA_API_KEY.");
    assertThat(failure.exception().type()).isEqualTo(ErrorType.API);
    assertThat(failure.exception().shouldRetry()).isFalse();
  }

  @Test
  void aRefusedKeyWithoutASettingIsTheProviders() {
    Failure failure =
        translator.translate(
            new UpstreamError(403, null, null, "", null), FailureContext.of("local", "m"));

    assertThat(failure.exception().getMessage())
        .isEqualTo(
            "local refused the key that this gateway calls it with"
                + " (HTTP 403: HTTP 403 without a message). Check the key of provider local.");
  }

  @Test
  void noKeyAndNoLoginWordReachesTheClient() {
    Failure failure =
        translate(400, "X-API-Key canary-of-the-provider is wrong, and so is nvapi-abcdef012345");

    assertThat(failure.exception().getMessage())
        .isEqualTo("nim: API key *** is wrong, and so is ***");
  }

  @Test
  void anEndedModelIsNamedWithWhatToDo() {
    Failure failure =
        translate(
            410,
            "The model 'z-ai/glm4.7' has reached its end of life on 2026-05-14 and is no longer"
                + " available.");

    assertThat(failure.exception().getMessage())
        .endsWith("available. Set another model in place of z-ai/glm-5.3.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          The model `z-ai/glm-5.3` does not exist or you do not have access to it. | NOT_FOUND
          model "qwen3.5:4b" not found, try pulling it first | NOT_FOUND
          qwen/qwen9 is not a valid model ID | NOT_FOUND
          The model called a tool that was not found. | INVALID_REQUEST
          The model does not support tools | INVALID_REQUEST
          """)
  void aModelThatIsNotThereIsNotFoundWhateverTheStatus(String message, ErrorType type) {
    assertThat(translate(400, message).exception().type()).isEqualTo(type);
  }

  @Test
  void anAnthropicUpstreamsWordsAreItsOwn() {
    UpstreamError error =
        ErrorBodies.parse(
            400,
            "application/json",
            ("{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":"
                    + "\"context_management: Extra inputs are not permitted\"}}")
                .getBytes(StandardCharsets.UTF_8));

    Failure failure = translator.translate(error, context.passThrough(true));

    assertThat(failure.exception().getMessage())
        .isEqualTo("context_management: Extra inputs are not permitted");
  }

  @Test
  void aPromptThatIsTooLongIsNeverToldAsShorterThanItsLimit() {
    Failure failure =
        translator.translate(
            new UpstreamError(400, null, null, "Range of input length should be [1, 204800]", null),
            context.sizes(0, 150_000, 0));

    assertThat(failure.exception().getMessage())
        .startsWith("prompt is too long: 204801 tokens > 204800 maximum (nim: Range of input");
  }

  @Test
  void aLimitOfAPlanIsNotTakenForTheModelsWindow() {
    Failure failure =
        translate(
            413,
            "Request too large for model `m` on tokens per minute (TPM): Limit 12000, Requested"
                + " 14137, please reduce your message size and try again.");

    assertThat(failure.quirks()).noneMatch(quirk -> quirk instanceof Quirk.ContextWindow);
  }

  /**
   * vLLM reports only that a prompt has at least as many tokens as make the request too long, and
   * Claude Code retries with the rest that the error leaves. However wrong the estimate is, they
   * agree in the end, or the prompt is found to be too long.
   */
  @Property(tries = 2000)
  void clientAndVllmComeToTerms(@ForAll("prompts") int prompt, @ForAll("estimates") int percent) {
    int window = 128_000;
    long maxTokens = 64_000;
    int rounds = 0;
    while (prompt + maxTokens > window) {
      Failure failure = refusedByVllm(window, maxTokens, prompt * percent / 100);
      String message = failure.exception().getMessage();
      if (message.startsWith("prompt is too long")) {
        assertThat(Math.max(prompt, prompt * percent / 90)).isGreaterThan(window - 16_000);
        return;
      }
      maxTokens = asClaudeCodeAsksAgain(message);
      rounds++;
      assertThat(rounds).isLessThanOrEqualTo(6);
    }
  }

  private Failure refusedByVllm(int window, long maxTokens, long estimate) {
    long bound = window - maxTokens + 1;
    String message =
        "This model's maximum context length is %d tokens. However, you requested %d output tokens"
            + " and your prompt contains at least %d input tokens, for a total of at least %d"
            + " tokens.";
    return translator.translate(
        new UpstreamError(
            400,
            "BadRequestError",
            "400",
            message.formatted(window, maxTokens, bound, window + 1),
            "input_tokens"),
        context.sizes(window, estimate, maxTokens));
  }

  private static long asClaudeCodeAsksAgain(String message) {
    String[] numbers =
        message.replaceAll("^\\D*(\\d+) \\+ (\\d+) > (\\d+).*$", "$1 $3").split(" ", -1);
    return Math.max(3000, Long.parseLong(numbers[1]) - Long.parseLong(numbers[0]) - 1000);
  }

  @Provide
  Arbitrary<Integer> prompts() {
    return Arbitraries.integers().between(60_000, 127_000);
  }

  @Provide
  Arbitrary<Integer> estimates() {
    return Arbitraries.integers().between(50, 110);
  }

  @Test
  void aShorterAnswerIsOfferedForThisRequestAlone() {
    Failure failure =
        translate(
            400,
            "This model's maximum context length is 131072 tokens. However, you requested 131134"
                + " tokens (122942 in the messages, 8192 in the completion).");

    assertThat(failure.isLearnable()).isTrue();
    assertThat(failure.quirks()).contains(new Quirk.LimitMaxTokens(131072 - 122942 - 1000, false));
  }

  @Test
  void aNameThatMayQuoteAPromptIsNotLogged() {
    Failure failure =
        translator.translate(
            new UpstreamError(400, "my secret prompt", "a_code", "x", "messages.0"), context);

    assertThat(failure.loggable())
        .isEqualTo("BAD_REQUEST status=400 type=? code=a_code param=messages.0");
  }

  @ParameterizedTest
  @CsvSource({
    "CONNECT,OVERLOADED,529,RETRY,true,",
    "DNS,API,500,RETRY,true,",
    "BASE_URL,API,500,RETRY_ELSEWHERE,false,false",
    "TLS,API,500,RETRY_ELSEWHERE,false,false",
    "POOL,OVERLOADED,529,RETRY_ELSEWHERE,false,",
    "FIRST_BYTE_TIMEOUT,TIMEOUT,504,RETRY_ELSEWHERE,true,",
    "IDLE_TIMEOUT,TIMEOUT,504,RETRY_ELSEWHERE,true,",
    "TOTAL_TIMEOUT,TIMEOUT,504,NEVER,true,false",
    "RESET,OVERLOADED,529,RETRY,true,",
    "CUT_OFF,OVERLOADED,529,RETRY,true,",
    "TOO_LARGE,API,500,NEVER,false,false",
    "BAD_CONTENT,API,500,RETRY_ELSEWHERE,true,"
  })
  void aCallThatFailedOnTheWayHasItsOwnType(
      TransportFailure transport,
      ErrorType type,
      int status,
      Retryability retryability,
      boolean circuit,
      Boolean shouldRetry) {
    Failure failure = translator.translate(transport, null, null, context);

    assertThat(failure.exception().type()).isEqualTo(type);
    assertThat(failure.exception().status()).isEqualTo(status);
    assertThat(failure.retryability()).isEqualTo(retryability);
    assertThat(failure.countsAgainstCircuit()).isEqualTo(circuit);
    assertThat(failure.exception().shouldRetry()).isEqualTo(shouldRetry);
    assertThat(failure.exception().getMessage()).startsWith("nim ").endsWith(".");
  }

  @Test
  void theDetailOfAFailedCallIsToldAndItsCauseIsKeptForTheLog() {
    ConnectException cause = new ConnectException("canary-of-the-provider@10.0.0.1 refused");

    Failure failure =
        translator.translate(TransportFailure.CONNECT, "connection refused", cause, context);

    assertThat(failure.exception().getMessage())
        .isEqualTo("nim can't be reached (connection refused).");
    assertThat(failure.exception()).hasCause(cause);
    assertThat(failure.loggable()).isEqualTo("CONNECT ConnectException");
  }

  private FailureContext at(boolean answered, boolean served) {
    return context.upstream(
        new UpstreamFacts("http://host/v1", "(NIM_BASE_URL)", answered, served, true));
  }

  @ParameterizedTest
  @CsvSource({"CONNECT", "DNS", "TLS", "BASE_URL", "RESET"})
  void anUpstreamThatWasNeverReachedIsNotForTheClientToRetry(TransportFailure transport) {
    Failure failure = translator.translate(transport, "why", null, at(false, false));

    assertThat(failure.exception().shouldRetry()).isFalse();
    assertThat(failure.exception().getMessage())
        .endsWith(" (why). Its base URL is http://host/v1 (NIM_BASE_URL).");
    assertThat(failure.lasting()).isEqualTo(LastingFault.UNREACHED);
    assertThat(failure.countsAgainstCircuit()).isFalse();
  }

  @Test
  void anUpstreamThatWasReachedBeforeMayBeBackSoon() {
    Failure failure = translator.translate(TransportFailure.CONNECT, null, null, at(true, true));

    assertThat(failure.exception().shouldRetry()).isNull();
    assertThat(failure.exception().getMessage()).contains("http://host/v1 (NIM_BASE_URL)");
    assertThat(failure.lasting()).isNull();
    assertThat(failure.countsAgainstCircuit()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "404 page not found",
        "Not Found",
        "File Not Found",
        "Invalid URL (POST /v1/v1/chat/completions)",
        "Cannot POST /chat/completions"
      })
  void a404ThatNamesNoModelIsAboutThePath(String words) {
    UpstreamError error = new UpstreamError(404, null, null, words, null);

    Failure failure = translator.translate(error, at(true, false));
    assertThat(failure.exception().type()).isEqualTo(ErrorType.API);
    assertThat(failure.exception().shouldRetry()).isFalse();
    assertThat(failure.exception().getMessage())
        .contains("The base URL of nim may be wrong: http://host/v1 (NIM_BASE_URL).");
    assertThat(failure.lasting()).isNull();

    // Once anything has come from the URL, it is the model that is missing.
    assertThat(translator.translate(error, at(true, true)).exception().type())
        .isEqualTo(ErrorType.NOT_FOUND);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "The model `z-ai/glm-5.3` does not exist",
        "glm-5.3 is not served here",
        "Function 'f': Not found for account 'a'",
        "No endpoints found for it"
      })
  void a404ThatNamesTheModelIsAboutIt(String words) {
    UpstreamError error = new UpstreamError(404, null, null, words, null);

    assertThat(translator.translate(error, at(true, false)).exception().type())
        .isEqualTo(ErrorType.NOT_FOUND);
  }

  @Test
  void plainHttpAtAPortOfTlsIsAboutTheUrl() {
    UpstreamError error =
        new UpstreamError(400, null, null, "Client sent an HTTP request to an HTTPS server.", null);

    assertThat(translator.translate(error, at(true, false)).exception().getMessage())
        .contains("The base URL of nim may be wrong");
  }

  @Test
  void aPageInPlaceOfACompletionIsAboutTheUrl() {
    Failure failure =
        translator.translate(TransportFailure.CUT_OFF, "text/html", null, at(true, false));

    assertThat(failure.exception().type()).isEqualTo(ErrorType.API);
    assertThat(failure.exception().shouldRetry()).isFalse();
    assertThat(failure.exception().getMessage()).contains("The base URL of nim may be wrong");
  }

  @Test
  void aKeyThatIsNotThereIsNotRefused() {
    FailureContext keyless =
        context.upstream(new UpstreamFacts("http://host/v1", "(X)", true, true, false));

    assertThat(
            translator
                .translate(new UpstreamError(401, null, null, "Unauthorized", null), keyless)
                .exception()
                .getMessage())
        .isEqualTo(
            "nim wants a key, and none is set (HTTP 401: Unauthorized). Check NVIDIA_API_KEY.");
  }

  /** On another type Claude Code repeats the request at once and without streaming. */
  @ParameterizedTest
  @EnumSource(TransportFailure.class)
  void inAnOpenResponseWhatMayPassIsOverloaded(TransportFailure transport) {
    Failure failure = translator.translate(transport, null, null, context);
    boolean passes =
        failure.retryability() != Retryability.NEVER && failure.exception().shouldRetry() == null;

    Event.Failure event = Event.Failure.of(failure.exception());
    assertThat(event.type() == ErrorType.OVERLOADED).isEqualTo(passes);
    assertThat(event.message()).isEqualTo(failure.exception().getMessage());
  }

  private Event.Failure event(int status, String message) {
    return Event.Failure.of(translate(status, message).exception());
  }

  @Test
  void inAnOpenResponseWhatIsPermanentKeepsItsType() {
    assertThat(event(400, "no").type()).isEqualTo(ErrorType.INVALID_REQUEST);
    assertThat(event(401, "no").type()).isEqualTo(ErrorType.API);
    assertThat(event(429, "slow").type()).isEqualTo(ErrorType.OVERLOADED);
  }

  @ParameterizedTest
  @CsvSource({
    "rate_limit_error,429",
    "RESOURCE_EXHAUSTED,429",
    "overloaded_error,529",
    "Service Unavailable,529",
    "timeout,504",
    "authentication_error,500",
    "not_found_error,404",
    "invalid_request_error,400",
    "BadRequestError,400",
    "server_error,500"
  })
  void insideOfAStreamTheClassOfTheErrorStandsForAStatus(String type, int status) {
    Failure failure = translator.translate(new UpstreamError(0, type, null, "x", null), context);

    assertThat(failure.exception().status()).isEqualTo(status);
  }

  @Property(tries = 300)
  void whateverAnUpstreamSaysIsToldWithoutFail(
      @ForAll("statuses") int status, @ForAll("bodies") byte[] body) {
    Failure failure =
        translator.translate(ErrorBodies.parse(status, "application/json", body), context);

    assertThat(failure.exception().getMessage()).isNotBlank().doesNotContain("canary-of");
    assertThat(failure.exception().status()).isBetween(400, 599);
  }

  @Provide
  Arbitrary<Integer> statuses() {
    return Arbitraries.integers().between(100, 599);
  }

  @Provide
  Arbitrary<byte[]> bodies() {
    Arbitrary<byte[]> noise = Arbitraries.bytes().array(byte[].class).ofMaxSize(200);
    Arbitrary<byte[]> words =
        Arbitraries.of(
                "{\"error\":",
                "{\"message\":\"",
                "canary-of-the-provider",
                "\"}",
                "}",
                " max_tokens ",
                "context length is ",
                "99999999999",
                "4096",
                " requested ",
                " tokens ",
                "got -",
                "try again in ",
                "9m",
                "request too large tokens per min limit 5, requested 6")
            .list()
            .ofMaxSize(30)
            .map(parts -> String.join("", parts).getBytes(StandardCharsets.UTF_8));
    return Arbitraries.oneOf(noise, words);
  }
}
