package io.caravan.openai;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The limits that an answer's headers name once one is used up: {@code x-ratelimit-remaining},
 * {@code -reset} and {@code -limit}, with or without {@code -requests}, {@code -tokens} and the
 * like behind. Groq and OpenAI name the rest of the time as {@code 6m0s}, Cerebras in seconds,
 * OpenRouter its end in milliseconds since 1970.
 *
 * @param reset the time until there is room again; null if no limit is used up
 * @param calls the most calls of a limit that is used up; null if it isn't one of calls
 */
public record RateLimitHeaders(Duration reset, Integer calls) {
  /** No limit is used up. */
  public static final RateLimitHeaders NONE = new RateLimitHeaders(null, null);

  private static final String PREFIX = "x-ratelimit-";
  private static final String REMAINING = PREFIX + "remaining";
  private static final Pattern PART = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|h|m|s|d)");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,15}(?:\\.\\d{1,9})?");

  /**
   * Reads the headers of an answer.
   *
   * @param each calls back with the name and the value of each
   * @param header returns the value of one, or null
   */
  public static RateLimitHeaders of(
      Consumer<BiConsumer<String, String>> each, Function<String, String> header, Instant now) {
    // Most answers have none, or have calls left: nothing is made for them.
    List<String> usedUp = new ArrayList<>(0);
    each.accept(
        (name, value) -> {
          if (name.regionMatches(true, 0, REMAINING, 0, REMAINING.length())
              && value.strip().equals("0")) {
            usedUp.add(name.substring(REMAINING.length()).toLowerCase(Locale.ROOT));
          }
        });
    RateLimitHeaders found = NONE;
    for (String kind : usedUp) {
      found = found.and(of(kind, header, now));
    }
    return found;
  }

  private static RateLimitHeaders of(String kind, Function<String, String> header, Instant now) {
    Duration reset = time(header.apply(PREFIX + "reset" + kind), now);
    String limit = header.apply(PREFIX + "limit" + kind);
    boolean ofCalls = kind.isEmpty() || kind.startsWith("-req");
    boolean known = ofCalls && limit != null && limit.strip().matches("[1-9]\\d{0,6}");
    return new RateLimitHeaders(reset, known ? Integer.valueOf(limit.strip()) : null);
  }

  private RateLimitHeaders and(RateLimitHeaders other) {
    boolean longer = reset == null || (other.reset != null && other.reset.compareTo(reset) > 0);
    return new RateLimitHeaders(longer ? other.reset : reset, calls == null ? other.calls : calls);
  }

  /** Reads a time, as a duration, as seconds, or as the moment at which it ends. */
  static Duration time(String value, Instant now) {
    String text = value == null ? "" : value.strip().toLowerCase(Locale.ROOT);
    if (NUMBER.matcher(text).matches()) {
      return positive(ofNumber(Double.parseDouble(text), now));
    }
    Matcher part = PART.matcher(text);
    double seconds = 0;
    int end = 0;
    while (part.find() && part.start() == end) {
      seconds += Double.parseDouble(part.group(1)) * secondsOf(part.group(2));
      end = part.end();
    }
    if (end > 0 && end == text.length()) {
      return positive(Duration.ofMillis((long) Math.ceil(seconds * 1000)));
    }
    try {
      return positive(Duration.between(now, OffsetDateTime.parse(value.strip()).toInstant()));
    } catch (DateTimeException | NullPointerException e) {
      return null;
    }
  }

  /** A number is seconds, or a moment in seconds or milliseconds since 1970. */
  private static Duration ofNumber(double number, Instant now) {
    if (number > 1e11) {
      return Duration.between(now, Instant.ofEpochMilli((long) number));
    }
    return number > 1e9
        ? Duration.between(now, Instant.ofEpochSecond((long) number))
        : Duration.ofMillis((long) Math.ceil(number * 1000));
  }

  private static Duration positive(Duration time) {
    return time.isNegative() || time.isZero() ? null : time;
  }

  private static double secondsOf(String unit) {
    return switch (unit) {
      case "ms" -> 0.001;
      case "m" -> 60;
      case "h" -> 3_600;
      case "d" -> 86_400;
      default -> 1;
    };
  }
}
