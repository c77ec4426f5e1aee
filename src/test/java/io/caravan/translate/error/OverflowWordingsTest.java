package io.caravan.translate.error;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.openai.ErrorBodies;
import io.caravan.openai.UpstreamError;
import io.caravan.provider.learned.Quirk;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** A full window is recognised in words that nobody has listed, and other limits are told apart. */
class OverflowWordingsTest {
  private final FailureTranslator translator = new FailureTranslator(Secrets.of(List.of()));

  private Failure translate(int status, String message, long estimate, long maxTokens) {
    return translator.translate(
        new UpstreamError(status, null, null, message, null),
        FailureContext.of("up", "m").sizes(0, estimate, maxTokens));
  }

  @ParameterizedTest
  @CsvFileSource(resources = "overflow-wordings.txt", delimiter = '|', maxCharsPerColumn = 4000)
  void aFullWindow(int status, String numbers, String message) {
    Failure failure = translate(status, message, 20, 64);

    String words = failure.exception().getMessage();
    assertThat(words).as(message).startsWith("prompt is too long");
    assertThat(failure.exception().status()).isEqualTo(400);
    assertThat(failure.retryability()).isEqualTo(Retryability.NEVER);
    assertThat(failure.isLearnable()).isFalse();
    if (numbers != null) {
      String[] both = numbers.split(" ", -1);
      assertThat(words)
          .startsWith("prompt is too long: " + both[0] + " tokens > " + both[1] + " maximum");
    }
  }

  @ParameterizedTest
  @CsvFileSource(resources = "other-limits.txt", delimiter = '|', maxCharsPerColumn = 4000)
  void anotherLimit(int status, String message) {
    Failure failure = translate(status, message, 20, 64_000);

    assertThat(failure.exception().getMessage())
        .as(message)
        .doesNotContain("prompt is too long", "exceed context limit: ");
    assertThat(failure.quirks()).noneMatch(quirk -> quirk instanceof Quirk.ContextWindow);
  }

  @Test
  void aLengthOfSomethingIsThePromptsIfTheCountIsNearIt() {
    String message = "Length 140000 exceeds the maximum of 131072.";

    assertThat(translate(400, message, 135_000, 64).exception().getMessage())
        .startsWith("prompt is too long: 140000 tokens > 131072 maximum");
    assertThat(translate(400, message, 20, 64).exception().getMessage())
        .isEqualTo("up: " + message);
  }

  @Test
  void aPromptThatIsNowhereNearALimitHasNotExceededIt() {
    String message =
        "Invalid value 'maximum context length is 131072 tokens' in the field 'format'.";

    assertThat(translate(400, message, 20, 64).exception().getMessage()).startsWith("up: ");
    assertThat(translate(400, message, 120_000, 64).exception().getMessage())
        .startsWith("prompt is too long");
  }

  @Test
  void wordsOfTheClientItselfNeedTheCountAsAWitness() {
    UpstreamError error =
        new UpstreamError(
            400, null, null, "bad type 'prompt is too long: 9000 tokens > 8192 maximum'", null);
    FailureContext quoting = FailureContext.of("up", "m").sizes(0, 500, 64).quotesClient(true);

    assertThat(translator.translate(error, quoting).exception().getMessage()).startsWith("up: ");
    assertThat(translator.translate(error, quoting.sizes(0, 8000, 64)).exception().getMessage())
        .startsWith("prompt is too long");
  }

  /** The prompt fits, and the completion doesn't: the call is repeated with a shorter one. */
  @Test
  void aCompletionThatIsTooLongIsShortened() {
    Failure failure =
        translate(
            400,
            "You passed 100000 input tokens and requested 32000 output tokens. However, the model's"
                + " context length is only 131072 tokens, resulting in a maximum input length of"
                + " 99072 tokens. Please reduce the length of the input prompt.",
            90_000,
            32_000);

    assertThat(failure.quirks())
        .containsExactly(new Quirk.ContextWindow(131_072), new Quirk.LimitMaxTokens(30_072, false));
    assertThat(failure.exception().getMessage())
        .startsWith("input length and `max_tokens` exceed context limit: 100000 + 32000 > 131072");
  }

  @Test
  void theWordsOfAnUpstreamWithTheSameProtocolStayIfClientsKnowThem() {
    FailureContext same = FailureContext.of("up", "m").passThrough(true);
    UpstreamError known =
        new UpstreamError(
            400, null, null, "prompt is too long: 250000 tokens > 200000 maximum", null);
    UpstreamError own =
        new UpstreamError(
            400,
            null,
            null,
            "request (270014 tokens) exceeds the available context size (65536 tokens), try"
                + " increasing it",
            null);

    assertThat(translator.translate(known, same).exception().getMessage())
        .isEqualTo("prompt is too long: 250000 tokens > 200000 maximum");
    assertThat(translator.translate(own, same).exception().getMessage())
        .startsWith("prompt is too long: 270014 tokens > 65536 maximum (up: request (270014");
  }

  @Test
  void jsonInsideOfJsonIsRead() {
    String body =
        "{\"error\":{\"message\":\"litellm.BadRequestError: OpenAIException - b'{\\\"error\\\":{"
            + "\\\"message\\\":\\\"The sum of prompt length (140001.0), query length (0) should not"
            + " exceed max_num_tokens (131072)\\\"}}'\",\"code\":\"502\"}}";

    Failure failure =
        translator.translate(
            ErrorBodies.parse(502, "application/json", body.getBytes(StandardCharsets.UTF_8)),
            FailureContext.of("up", "m").sizes(0, 20, 64));

    assertThat(failure.exception().getMessage())
        .startsWith("prompt is too long: 140001 tokens > 131072 maximum");
  }
}
