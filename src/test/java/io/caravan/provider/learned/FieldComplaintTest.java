package io.caravan.provider.learned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.openai.UpstreamError;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldComplaintTest {
  private static List<String> learned(int status, String message) {
    return FieldComplaint.of(new UpstreamError(status, null, null, message, null), 0).stream()
        .map(Object::toString)
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Validation: Unsupported parameter(s): reasoning_budget | without reasoning_budget
          Unrecognized request argument supplied: thinking | without thinking
          Additional properties are not allowed ('tool_stream' was unexpected) | without tool_stream
          body.seed: Extra inputs are not permitted | without seed
          Extra inputs are not permitted, field: 'min_p' | without min_p
          body -> nvext -> top_k extra fields not permitted | without nvext
          Unknown parameter: 'store'. | without store
          json: unknown field "parallel_tool_calls" | without parallel_tool_calls
          unknown field `stream_options`, expected one of `model`, `messages` | without stream_options
          got an unexpected keyword argument 'top_k' | without top_k
          Model grok-4.6 does not support parameter presencePenalty. | without presence_penalty
          stream_options.include_usage: Extra inputs are not permitted | without stream_options
          This response_format type is unavailable now | without response_format
          `logprobs` is not supported with this model | without logprobs
          reasoning_effort must be one of none or default | efforts none
          reasoning_effort 'none' is not supported for this model; supported values: ['low', 'high', 'max'] | efforts low,high,max
          reasoning_effort: Input should be 'low', 'medium' or 'high' | efforts low,medium,high
          Unsupported value: 'reasoning_effort' does not support 'minimal' with this model. Supported values are: 'low', 'medium', and 'high'. | efforts low,medium,high
          Unsupported parameter: 'reasoning_effort' is not supported with this model. | without reasoning_effort
          Validation: Unsupported parameter(s): reasoning_effort | without reasoning_effort
          messages.4.assistant.reasoning_content: Extra inputs are not permitted | reasoning replayed as NONE
          'messages[0].role' does not support 'system' with this model. | system as user
          Meta-Llama is not a multimodal model | no images
          unknown variant `image_url`, expected `text` | no images
          max_tokens must be <= 16384 | max_tokens up to 16384
          max_completion_tokens is too large: 128000. This model supports at most 16384 completion tokens | max_tokens up to 16384
          body -> max_tokens ensure this value is less than or equal to 4096 (type=value_error.number.not_le; limit_value=4096) | max_tokens up to 4096
          Invalid 'max_tokens': integer above maximum value. Expected a value <= 4096, but got 8192 instead. | max_tokens up to 4096
          max_tokens: 128000 > 8,192, which is the maximum allowed number of output tokens for x | max_tokens up to 8192
          """)
  void eachFamilyOfWordsIsUnderstood(String message, String quirk) {
    assertThat(learned(400, message)).containsExactly(quirk);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model: Extra inputs are not permitted",
        "Unsupported parameter(s): messages, tools, stream, max_tokens",
        "Unrecognized request argument supplied: tools",
        "property 'stream' is unsupported",
        "Unknown name \"messages\": Cannot find field.",
        "tools.0.function.strict: Extra inputs are not permitted",
        "Unknown name \"const\" at 'tools[0].function.parameters': Cannot find field.",
        "The user is not allowed to do that",
        "'auto' is not supported",
        "temperature must be positive",
        "max_tokens must be less than or equal to 100",
        "max_tokens is too large: 65536. This model's maximum context length is 32768 tokens"
      })
  void nothingIsDroppedThatIsNeededOrNotMeant(String message) {
    assertThat(learned(400, message)).isEmpty();
  }

  @Test
  void aLimitAboveWhatWasSentDoesNotExplainTheRefusal() {
    UpstreamError error = new UpstreamError(400, null, null, "max_tokens must be <= 16384", null);

    assertThat(FieldComplaint.of(error, 8192)).isEmpty();
    assertThat(FieldComplaint.of(error, 16385)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 402, 403, 429, 502, 503, 529})
  void onlyARefusalOfTheRequestTeaches(int status) {
    assertThat(learned(status, "Unsupported parameter(s): seed")).isEmpty();
  }

  @Test
  void aServersFaultTeachesOnlyWhatItSaysOfTheModel() {
    assertThat(learned(500, "System role not supported")).containsExactly("system as user");
    assertThat(learned(500, "Unsupported parameter(s): seed")).isEmpty();
  }

  @Test
  void theOtherNameOfMaxTokensIsTakenBothWays() {
    assertThat(
            learned(
                400,
                "Unsupported parameter: 'max_tokens' is not supported with this model. Use"
                    + " 'max_completion_tokens' instead."))
        .containsExactly("max_tokens as max_completion_tokens");
    assertThat(learned(400, "max_completion_tokens: Extra inputs are not permitted"))
        .containsExactly("max_tokens as max_tokens");
  }

  @Test
  void aProtectedFieldCannotEvenBeNamed() {
    for (String field : Quirk.DropField.PROTECTED) {
      assertThatThrownBy(() -> new Quirk.DropField(field, true))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Property(tries = 500)
  void noComplaintDropsAProtectedField(@ForAll("complaints") String message) {
    for (int status : new int[] {400, 404, 422, 500}) {
      UpstreamError error =
          new UpstreamError(status, "x", "unsupported_parameter", message, "messages");
      assertThat(FieldComplaint.of(error, 0))
          .noneMatch(
              quirk ->
                  quirk instanceof Quirk.DropField drop
                      && Quirk.DropField.PROTECTED.contains(drop.field()));
    }
  }

  @Provide
  Arbitrary<String> complaints() {
    Arbitrary<String> names =
        Arbitraries.of(
            "model",
            "messages",
            "tools",
            "stream",
            "max_tokens",
            "max_completion_tokens",
            "body",
            "Messages",
            "MODEL",
            "maxTokens",
            "tools[0]",
            "messages.0",
            "body -> tools",
            "top_p");
    Arbitrary<String> wordings =
        Arbitraries.of(
            "Unsupported parameter(s): `%s`, %s",
            "Unrecognized request arguments supplied: %s, %s",
            "%s: Extra inputs are not permitted; %s: Extra inputs are not permitted",
            "body -> %s Extra inputs; property '%s' is unsupported",
            "Unsupported value: '%s'; Unknown parameter: '%s'",
            "Unknown name \"%s\" at '%s': Cannot find field",
            "Model x does not support parameter %s; `%s` is immutable for this model",
            "Additional properties are not allowed ('%s', '%s' were unexpected)",
            "`%s` is not supported. `%s` is unavailable",
            "%s %s");
    return Combinators.combine(wordings, names, names).as(String::format);
  }

  @Property(tries = 200)
  void longAndOddMessagesComeToAnEnd(@ForAll("pieces") String message) {
    assertThat(FieldComplaint.of(new UpstreamError(400, null, null, message, null), 0)).isNotNull();
  }

  @Provide
  Arbitrary<String> pieces() {
    return Arbitraries.of(
            "Unsupported parameter(s): ",
            "a",
            "a,",
            "`a`, ",
            "body -> ",
            " -> a",
            "'",
            "messages.",
            "max_tokens ",
            "9",
            "9,",
            " is not supported",
            "reasoning_content",
            "\"",
            "(")
        .list()
        .ofMinSize(500)
        .ofMaxSize(1500)
        .map(parts -> String.join("", parts))
        .map(text -> text.substring(0, Math.min(text.length(), 4096)));
  }
}
