package io.caravan.translate.request;

import io.caravan.anthropic.Block;
import io.caravan.anthropic.MessagesRequest;
import io.caravan.json.JsonText;
import io.caravan.provider.Dialect;
import io.caravan.provider.ReasoningSwitch;
import io.caravan.provider.ResponseFormat;
import java.util.ArrayList;
import java.util.List;

/** Makes the leading system message. */
final class SystemPrompt {
  private static final String BILLING = "x-anthropic-billing-header";

  private SystemPrompt() {}

  /** Returns its text; empty if there is none. */
  static JsonText of(
      MessagesRequest request, Dialect dialect, ThinkingPlan thinking, Losses losses) {
    List<JsonText> texts = new ArrayList<>();
    if (dialect.reasoning() == ReasoningSwitch.DETAILED_THINKING) {
      texts.add(JsonText.of("detailed thinking " + (thinking.on() ? "on" : "off")));
    }
    for (Block block : request.system()) {
      if (block instanceof Block.Text text) {
        add(withoutBilling(text.content(), losses), texts);
      } else {
        losses.add(Loss.BLOCK);
      }
    }
    if (request.outputSchema() != null && dialect.responseFormat() != ResponseFormat.JSON_SCHEMA) {
      losses.add(Loss.OUTPUT_FORMAT);
      texts.add(
          JsonText.of(
              "Reply with nothing but a JSON object that is valid against this JSON schema:\n"
                  + request.outputSchema()));
    }
    if (dialect.reasoning() == ReasoningSwitch.SYSTEM_THINK) {
      texts.add(JsonText.of(thinking.on() ? "/think" : "/no_think"));
    }
    return JsonText.join("\n\n", texts);
  }

  private static void add(JsonText text, List<JsonText> texts) {
    if (!text.isBlank()) {
      texts.add(text);
    }
  }

  /**
   * Removes the billing line. Claude Code's first system block names its version and a hash that
   * differs with every conversation: no model needs it, and no prompt cache survives it
   * (vllm-project/vllm#36829, sgl-project/sglang#21064).
   */
  private static JsonText withoutBilling(JsonText text, Losses losses) {
    if (!text.startsWith(BILLING)) {
      return text;
    }
    losses.add(Loss.BILLING_HEADER);
    String said = text.toString();
    int end = said.indexOf('\n');
    return end < 0 ? JsonText.EMPTY : JsonText.of(said.substring(end + 1));
  }
}
