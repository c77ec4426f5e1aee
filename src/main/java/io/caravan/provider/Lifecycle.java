package io.caravan.provider;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The times at which a model is no longer recommended and no longer served.
 *
 * @param deprecatedAt null if unknown
 * @param retiresAt null if unknown
 * @param ended true if the upstream has said that it is over, with or without a time
 */
public record Lifecycle(Instant deprecatedAt, Instant retiresAt, boolean ended) {
  /** A model of whose end nothing is known. */
  public static final Lifecycle ACTIVE = new Lifecycle(null, null, false);

  private static final Pattern DATE =
      Pattern.compile(
          "\\b(\\d{4}-\\d{2}-\\d{2}(?:T[\\d:.]{5,18}(?:Z|[+-]\\d{2}:\\d{2}))?)"
              + "|\\b([A-Z][a-z]{2,8} \\d{1,2}, \\d{4})\\b");

  private static final DateTimeFormatter IN_WORDS =
      DateTimeFormatter.ofPattern("[MMMM][MMM] d, yyyy", Locale.ENGLISH);

  /** Returns the lifecycle of a model that its upstream has ended, by the words of its error. */
  public static Lifecycle endedBy(String words) {
    return new Lifecycle(null, dateIn(words), true);
  }

  /** Returns the first date in a text, at its beginning in UTC; null if there is none. */
  static Instant dateIn(String text) {
    Matcher date = DATE.matcher(text == null ? "" : text);
    while (date.find()) {
      try {
        if (date.group(2) != null) {
          return start(LocalDate.parse(date.group(2), IN_WORDS));
        }
        String iso = date.group(1);
        return iso.indexOf('T') < 0
            ? start(LocalDate.parse(iso))
            : OffsetDateTime.parse(iso).toInstant();
      } catch (DateTimeException e) {
        // No date after all, such as a 31st of June.
      }
    }
    return null;
  }

  private static Instant start(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  /** Returns {@code active}, {@code deprecated} or {@code retired}, as Anthropic's list has it. */
  public String at(Instant now) {
    if (ended || (retiresAt != null && !retiresAt.isAfter(now))) {
      return "retired";
    }
    boolean deprecated = retiresAt != null || (deprecatedAt != null && !deprecatedAt.isAfter(now));
    return deprecated ? "deprecated" : "active";
  }
}
