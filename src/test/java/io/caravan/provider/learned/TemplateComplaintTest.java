package io.caravan.provider.learned;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.openai.UpstreamError;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateComplaintTest {
  private static String found(int status, String message) {
    List<Quirk> quirks =
        FieldComplaint.of(new UpstreamError(status, null, null, message, null), 64);
    return quirks.stream()
        .map(quirk -> quirk + (quirk.lasting() ? "" : " (this time)"))
        .collect(Collectors.joining("; "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          500 | alternating roles | Jinja Exception: After the optional system message, conversation roles must alternate user and assistant roles except for tool calls and results.
          400 | alternating roles | Conversation roles must alternate user/assistant/user/assistant/...
          400 | alternating roles | messages: roles must alternate between "user" and "assistant", but found multiple "user" roles in a row
          400 | alternating roles | Unexpected role 'user' after role 'tool'
          400 | alternating roles | Two consecutive user messages are not allowed by this template
          500 | tool ids of 9 characters | Tool call IDs should be alphanumeric strings with length 9!
          400 | tool ids of 9 characters | Tool call id was call_abc but must be a-z, A-Z, 0-9, with a length of 9.
          400 | tool ids of 9 characters | tool_call_id must be exactly 9 alphanumeric characters
          500 | one tool call at a time | This model only supports single tool-calls at once!
          400 | one tool call at a time | Multiple tool calls are not supported by this model.
          400 | one tool call at a time | the template does not support parallel tool calls
          500 | system as user | System role not supported
          400 | system as user | This model does not support system messages.
          400 | system as user | messages[1].role: unknown variant `system`, expected `user` or `assistant`
          500 | system as user | system message must be at the beginning
          400 | system as user | messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter, not "system" as an input message role.
          400 | ~~ | messages.1.role: Input should be 'user' or 'assistant'
          400 | ~~ | Invalid value: 'sytem'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'.
          400 | without betas effort-2025-11-24 | Unexpected value(s) `effort-2025-11-24` for the `anthropic-beta` header. Please consult our documentation or try again without the header.
          400 | without betas prompt-caching-scope-2026-01-05, structured-outputs-2025-12-15 | Unexpected value(s) `prompt-caching-scope-2026-01-05`, `structured-outputs-2025-12-15` for the `anthropic-beta` header.
          400 | ~~ | model claude-x-2025-11-24 has no such thing
          400 | without tool_choice (this time) | The tool_choice parameter does not support being set to required or object in thinking mode
          400 | without tool_choice (this time) | tool_choice 'specified' is incompatible with thinking enabled
          400 | without tool_choice (this time) | Thinking mode does not support this tool_choice
          400 | without tool_choice (this time) | InternalError.Algo.InvalidParameter: When enable_thinking is true, tool_choice must be "auto" or "none"
          400 | without tool_choice (this time) | tool_choice is not supported in reasoning mode
          400 | without tool_choice (this time) | deepseek-reasoner: reasoning models cannot be used with a forced tool_choice
          400 | without tool_choice | 'tool_choice' is not supported with this model
          """)
  void namesTheRule(int status, String expected, String message) {
    assertThat(found(status, message)).as(message).isEqualTo(expected);
  }

  /** LM Studio (lmstudio-ai/lmstudio-bug-tracker#2204). */
  @Test
  void aValidatorsWordsForARoleAreThoseOfItsLanguage() {
    assertThat(
            found(
                400,
                "request.messages.1.role: Invalid discriminator value. Expected 'user' | 'assistant'"))
        .isEqualTo("system as user");
  }
}
