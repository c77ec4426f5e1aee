package io.caravan.translate.request;

import io.caravan.json.RawJson;
import java.nio.charset.StandardCharsets;

/** Ensures that the arguments of an earlier call are an object that the model may have written. */
final class ToolInput {
  private static final RawJson NONE = RawJson.of("{}");

  /**
   * The beginning of the input that Claude Code replays if it could not read the model's arguments.
   */
  private static final byte[] UNPARSED =
      "{\"__unparsedToolInput\":".getBytes(StandardCharsets.UTF_8);

  private ToolInput() {}

  /**
   * Returns the input, or an empty one in place of Claude Code's note. Servers refuse arguments
   * that aren't a JSON object, and a model that sees the note would learn to write it. The call's
   * result reports the failure.
   */
  static RawJson valid(RawJson input, Losses losses) {
    if (startsWith(input, UNPARSED)) {
      losses.add(Loss.TOOL_INPUT);
      return NONE;
    }
    return input;
  }

  private static boolean startsWith(RawJson json, byte[] head) {
    if (json.length() < head.length) {
      return false;
    }
    for (int i = 0; i < head.length; i++) {
      if (json.buffer()[json.offset() + i] != head[i]) {
        return false;
      }
    }
    return true;
  }
}
