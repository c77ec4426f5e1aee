package io.caravan.judge;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.caravan.json.Json;
import java.io.IOException;
import java.util.Map;

/**
 * Reads a judge's reply, which is one JSON object with a verdict and a reason, and nothing else.
 * Every other reply is no verdict: a second object, a key given twice, a further key, a word or a
 * code fence around it, an end that is missing.
 */
final class VerdictReader {
  private static final Verdict NONE = Verdict.unavailable(Verdict.ERROR);

  private String verdict;
  private String reason;

  private VerdictReader() {}

  /**
   * Reads a reply.
   *
   * @param reply the text of a judge's reply, or null
   * @return the verdict; {@link Verdict.Outcome#UNAVAILABLE} if the text is none
   */
  static Verdict read(String reply) {
    if (reply == null) {
      return NONE;
    }
    try {
      return new VerdictReader().verdict(reply);
    } catch (IOException e) {
      return NONE;
    }
  }

  /**
   * Reads the body that a route of the operator's own has left: the same object as text, bytes or a
   * map.
   */
  static Verdict readBody(Object body) {
    if (body instanceof Map<?, ?> map) {
      return map.size() == 2
              && map.get("verdict") instanceof String verdict
              && map.get("reason") instanceof String reason
          ? of(verdict, reason)
          : NONE;
    }
    return body instanceof String text ? read(text) : NONE;
  }

  private Verdict verdict(String reply) throws IOException {
    // Characters, since a parser of bytes skips a byte order mark.
    try (JsonParser p = Json.factory().createParser(reply)) {
      if (p.nextToken() != JsonToken.START_OBJECT) {
        return NONE;
      }
      while (p.nextToken() == JsonToken.FIELD_NAME) {
        String name = p.currentName();
        if (p.nextToken() != JsonToken.VALUE_STRING || !isNew(name)) {
          return NONE;
        }
        if (name.equals("verdict")) {
          verdict = p.getText();
        } else {
          reason = p.getText();
        }
      }
      boolean whole = p.currentToken() == JsonToken.END_OBJECT && p.nextToken() == null;
      return whole && verdict != null && reason != null ? of(verdict, reason) : NONE;
    }
  }

  private boolean isNew(String name) {
    return switch (name) {
      case "verdict" -> verdict == null;
      case "reason" -> reason == null;
      default -> false;
    };
  }

  private static Verdict of(String verdict, String reason) {
    return switch (verdict) {
      case "allow" -> Verdict.allowed(reason);
      case "block" ->
          Verdict.flagged(reason.isBlank() ? "The judge blocks it and gives no reason." : reason);
      default -> NONE;
    };
  }
}
