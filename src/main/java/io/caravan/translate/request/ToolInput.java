package io.caravan.translate.request;

import io.caravan.json.RawJson;
import java.nio.charset.StandardCharsets;

/**
 * Sees to it that the arguments of an earlier call are an object that the model may have written.
 */
final class ToolInput {
  private static final RawJson NONE = RawJson.of("{}");

  /** What Claude Code replays where it could not read the arguments that the model had written. */
  private static final byte[] UNPARSED =
      "{\"__unparsedToolInput\":".getBytes(StandardCharsets.UTF_8);

  private ToolInput() {}

  /**
   * The input, or an empty one in place of Claude Code's note that there was none: servers refuse
   * arguments that are no JSON object, and a model that sees the note would learn to write it. What
   * went wrong is told by the call's result.
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
