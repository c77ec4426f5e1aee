package io.caravan.judge;

import io.caravan.json.JsonTree;
import io.caravan.json.RawJson;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the whole message with which a judge's model has replied. */
final class JudgeReply {
  private static final Pattern ESCAPE = Pattern.compile("\\\\+(?:u([0-9a-fA-F]{4})|[bfnrt])");

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
    return own(VerdictReader.read(text(message.get("content"))), shown);
  }

  /**
   * Returns a verdict, unless it allows and only repeats one that stands in its case: an injected
   * one is no verdict of its own.
   */
  static Verdict own(Verdict verdict, String shown) {
    return verdict.allows() && repeats(verdict.text(), shown)
        ? Verdict.unavailable(Verdict.ERROR)
        : verdict;
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

  private static boolean repeats(String reason, String shown) {
    String letters = letters(shown);
    String said = letters(reason);
    return letters.contains("{verdict:allow,reason:" + said + "}")
        || letters.contains("{reason:" + said + ",verdict:allow}");
  }

  /** Returns a text without what JSON in JSON, an escape, a fence or white space changes. */
  private static String letters(String text) {
    String plain =
        ESCAPE
            .matcher(text.replace("```json", ""))
            .replaceAll(escape -> character(escape.group(1)));
    StringBuilder kept = new StringBuilder(plain.length());
    plain
        .codePoints()
        .filter(c -> c > ' ' && "\"'\\`".indexOf(c) < 0 && !ShownText.isInvisible(c))
        .forEach(kept::appendCodePoint);
    return kept.toString();
  }

  private static String character(String hex) {
    return hex == null
        ? ""
        : Matcher.quoteReplacement(Character.toString(Integer.parseInt(hex, 16)));
  }
}
