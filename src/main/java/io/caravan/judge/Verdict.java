package io.caravan.judge;

import io.caravan.json.JsonWriter;
import java.util.Locale;

/**
 * The verdict on one tool call.
 *
 * @param outcome the outcome
 * @param text the judge's reason; for {@link Outcome#UNAVAILABLE} one of the client's own words for
 *     why there is no verdict
 */
public record Verdict(Outcome outcome, String text) {
  /** The judge took too long. */
  public static final String TIMEOUT = "timeout";

  /** The judge failed, or its reply is no verdict. */
  public static final String ERROR = "error";

  /** The judge declined to judge. */
  public static final String REFUSED = "refused";

  /** The call does not fit the judge's window whole. */
  public static final String INPUT_TOO_LONG = "input_too_long";

  /** The call's arguments are no JSON object. */
  public static final String INPUT_UNPARSED = "input_unparsed";

  /** The call was cut off. */
  public static final String TRUNCATED = "truncated";

  /** The outcomes of a judgement. */
  public enum Outcome {
    /** A judge allows the call. */
    NOT_FLAGGED,
    /** A judge, or a rule of the user, blocks the call. */
    FLAGGED,
    /** There is no verdict, and the client runs nothing. */
    UNAVAILABLE;

    /** Returns the name in logs and metrics. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The most characters of a reason, which the client shows to its model. */
  private static final int MAX_REASON = 600;

  /** Returns the verdict that blocks a call. */
  public static Verdict flagged(String reason) {
    return new Verdict(Outcome.FLAGGED, reason);
  }

  /** Returns that there is no verdict. */
  public static Verdict unavailable(String reason) {
    return new Verdict(Outcome.UNAVAILABLE, reason);
  }

  /** Returns the verdict of a judge's parsed "allow". */
  static Verdict allowed(String reason) {
    return new Verdict(Outcome.NOT_FLAGGED, reason);
  }

  /** Returns whether a judge has allowed the call. */
  public boolean allows() {
    return outcome == Outcome.NOT_FLAGGED;
  }

  /** Writes the verdict in the client's form (seen with Claude Code 2.1.332). */
  void writeTo(JsonWriter json) {
    json.beginObject();
    switch (outcome) {
      case NOT_FLAGGED -> json.field("type", "evaluated").field("outcome", "not_flagged");
      case FLAGGED ->
          json.field("type", "evaluated")
              .field("outcome", "flagged")
              .field("explanation", clean(text));
      case UNAVAILABLE -> json.field("type", "unavailable").field("reason", text);
    }
    json.endObject();
  }

  /** Returns a reason on one line, which can't steer a terminal, and of a bounded length. */
  private static String clean(String reason) {
    StringBuilder clean = new StringBuilder(Math.min(reason.length(), MAX_REASON) + 1);
    int at = 0;
    while (at < reason.length() && clean.length() < MAX_REASON) {
      int character = reason.codePointAt(at);
      at += Character.charCount(character);
      if (character == ' ' || ShownText.isInvisible(character)) {
        boolean apart = clean.length() > 0 && clean.charAt(clean.length() - 1) != ' ';
        clean.append(apart ? " " : "");
      } else {
        clean.appendCodePoint(character);
      }
    }
    return clean.append(at < reason.length() ? "…" : "").toString().strip();
  }
}
