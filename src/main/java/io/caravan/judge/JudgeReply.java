package io.caravan.judge;

import io.caravan.json.JsonTree;
import io.caravan.json.RawJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Reads the whole message with which a judge's model has replied. */
final class JudgeReply {
  private JudgeReply() {}

  /**
   * Returns the verdict of a message, or of the error in its place.
   *
   * @param message the message of the Messages API as JSON
   * @param shown the case that the judge was shown
   */
  static Verdict read(byte[] message, String shown) {
    try {
      return JsonTree.read(new RawJson(message, 0, message.length)) instanceof Map<?, ?> map
          ? read(map, shown)
          : Verdict.unavailable(Verdict.ERROR);
    } catch (IllegalArgumentException e) {
      return Verdict.unavailable(Verdict.ERROR);
    }
  }

  private static Verdict read(Map<?, ?> message, String shown) {
    if (message.get("error") instanceof Map<?, ?> error) {
      return Verdict.unavailable(
          String.valueOf(error.get("message")).startsWith("prompt is too long")
              ? Verdict.INPUT_TOO_LONG
              : Verdict.ERROR);
    }
    if ("refusal".equals(message.get("stop_reason"))) {
      return Verdict.unavailable(Verdict.REFUSED);
    }
    // A reply that was cut off may still look whole.
    if (!"end_turn".equals(message.get("stop_reason"))) {
      return Verdict.unavailable(Verdict.ERROR);
    }
    String text = text(message.get("content"));
    Verdict verdict = VerdictReader.read(text);
    return verdict.allows() && repeats(text, shown) ? Verdict.unavailable(Verdict.ERROR) : verdict;
  }

  /** Returns the only text beside reasoning; null if there is another block or a second text. */
  private static String text(Object content) {
    String only = null;
    if (content instanceof List<?> blocks) {
      for (Object each : blocks) {
        Map<?, ?> block = each instanceof Map<?, ?> map ? map : Map.of();
        boolean reasoning = String.valueOf(block.get("type")).contains("thinking");
        if (!reasoning && (only != null || !(block.get("text") instanceof String))) {
          return null;
        }
        only = reasoning ? only : (String) block.get("text");
      }
    }
    return only;
  }

  /**
   * Returns whether the judge only repeats a verdict that stands in its case: an injected one is no
   * verdict of its own.
   */
  static boolean repeats(String reply, String shown) {
    String said = letters(reply);
    return said.length() > 0 && letters(shown).contains(said);
  }

  /** Returns a text without what JSON in JSON, a fence or white space changes. */
  private static String letters(String text) {
    StringBuilder kept = new StringBuilder(text.length());
    for (byte each : text.replace("```json", "").getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (each & 0xff);
      if (c > ' ' && c != '"' && c != '\'' && c != '\\' && c != '`') {
        kept.append(c);
      }
    }
    return kept.toString();
  }
}
