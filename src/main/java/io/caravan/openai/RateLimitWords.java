package io.caravan.openai;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The limit that the words of a 429 name: "Rate limit reached … on requests per minute (RPM): Limit
 * 30, Used 30", "40 requests per minute".
 *
 * @param calls the most calls, or null if they aren't named
 * @param window the time in which they may be made, or null if it isn't named
 * @param isOfCalls false if the limit is one of tokens, or the upstream is merely overloaded
 */
public record RateLimitWords(Integer calls, Duration window, boolean isOfCalls) {
  private static final RateLimitWords NOT_OF_CALLS = new RateLimitWords(null, null, false);

  /** Hosted NIM: "ResourceExhausted: Worker local total request limit reached (33/32)". */
  private static final Pattern OVERLOADED =
      Pattern.compile(
          "resource_?exhausted|worker local|overload|capacity|too busy|upstream|concurren");

  private static final Pattern OF_TOKENS =
      Pattern.compile("tokens? per|\\btp[mhd]\\b|token[- ](?:limit|quota)");

  private static final Pattern WINDOW =
      Pattern.compile(
          "(?:per|every|/) ?(\\d{1,3})? ?(second|sec|minute|min|hour|day)s?\\b|\\brp([smhd])\\b");

  private static final Pattern CALLS =
      Pattern.compile(
          "\\blimit:? (?:of )?([1-9]\\d{0,5})\\b|\\b([1-9]\\d{0,5}) (?:requests?|calls?) ?(?:per|every|/)");

  /** Reads the message of a 429. */
  public static RateLimitWords of(String message) {
    String text = message.toLowerCase(Locale.ROOT);
    if (OVERLOADED.matcher(text).find() || OF_TOKENS.matcher(text).find()) {
      return NOT_OF_CALLS;
    }
    Duration window = window(text);
    return new RateLimitWords(window == null ? null : calls(text), window, true);
  }

  private static Duration window(String text) {
    Matcher window = WINDOW.matcher(text);
    if (!window.find()) {
      return null;
    }
    String unit = window.group(3) == null ? window.group(2) : window.group(3);
    int times = window.group(1) == null ? 1 : Math.max(1, Integer.parseInt(window.group(1)));
    return switch (unit.charAt(0)) {
      case 's' -> Duration.ofSeconds(times);
      case 'm' -> Duration.ofMinutes(times);
      case 'h' -> Duration.ofHours(times);
      default -> Duration.ofDays(times);
    };
  }

  private static Integer calls(String text) {
    Matcher calls = CALLS.matcher(text);
    if (!calls.find()) {
      return null;
    }
    return Integer.valueOf(calls.group(1) == null ? calls.group(2) : calls.group(1));
  }
}
