package io.caravan.translate.error;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the time to wait before another call: from the header (RFC 9110: seconds or a date), or
 * from the message, the only place in which some upstreams name it ("Please try again in
 * 9m38.016s", continuedev/continue#10920).
 */
final class RetryAfter {
  /** The longest wait. Longer ones are cut to it, whatever an upstream says. */
  static final Duration LONGEST = Duration.ofDays(1);

  private static final Pattern SECONDS = Pattern.compile("\\d{1,9}(?:\\.\\d{1,9})?");

  private static final Pattern IN_TEXT =
      Pattern.compile(
          "(?:again|retry|wait|reset)(?: (?:in|after|for))? (?:about )?((?:\\d{1,9}(?:\\.\\d{1,9})? ?"
              + "(?:milliseconds?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|h)(?![a-z]),? ?){1,3})",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?) ?([a-z]+)");

  private RetryAfter() {}

  /**
   * Reads the header, or the message if the header names no time.
   *
   * @param header the header, or null
   * @return the time to wait, or null if neither names one
   */
  static Duration of(String header, String message, Instant now) {
    Duration named = header == null ? null : ofHeader(header.strip(), now);
    return named != null ? named : ofMessage(message);
  }

  private static Duration ofHeader(String header, Instant now) {
    if (SECONDS.matcher(header).matches()) {
      return bounded(Duration.ofMillis(Math.round(Double.parseDouble(header) * 1000)));
    }
    try {
      ZonedDateTime date = ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME);
      return bounded(Duration.between(now, date.toInstant()));
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  private static Duration ofMessage(String message) {
    Matcher m = IN_TEXT.matcher(message);
    if (!m.find()) {
      return null;
    }
    double seconds = 0;
    Matcher part = PART.matcher(m.group(1).toLowerCase(Locale.ROOT));
    while (part.find()) {
      seconds += Double.parseDouble(part.group(1)) * secondsOf(part.group(2));
    }
    return bounded(Duration.ofMillis(Math.round(seconds * 1000)));
  }

  private static double secondsOf(String unit) {
    if (unit.startsWith("ms") || unit.startsWith("milli")) {
      return 0.001;
    }
    return switch (unit.charAt(0)) {
      case 'h' -> 3600;
      case 'm' -> 60;
      default -> 1;
    };
  }

  private static Duration bounded(Duration duration) {
    if (duration.isNegative()) {
      return Duration.ZERO;
    }
    return duration.compareTo(LONGEST) > 0 ? LONGEST : duration;
  }
}
