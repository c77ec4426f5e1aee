package io.caravan.limits.client;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;

/**
 * A limit of a client key's use in a day or a month (UTC).
 *
 * @param period the time after which all of it is available again
 * @param unit what is counted
 * @param limit the most of it: tokens, or billionths of a dollar
 */
public record Budget(Period period, Unit unit, long limit) {
  private static final int DIGITS = 9;

  /** The time after which a budget begins anew. */
  public enum Period {
    DAY,
    MONTH
  }

  /** The unit that a budget counts. */
  public enum Unit {
    /** Tokens, in and out. */
    TOKENS,
    /** Billionths of a dollar, by the prices of the models' cards. */
    NANODOLLARS
  }

  /**
   * The names of a ledger's accounts that are no client's own: a name in a key file has no colon.
   */
  static final String MONTH = "month:";

  private static final String DOLLARS = "usd:";

  /** Returns the name under which a ledger counts it; that of daily tokens is the client's. */
  String account(String client) {
    return (period == Period.MONTH ? MONTH : "") + (unit == Unit.TOKENS ? "" : DOLLARS) + client;
  }

  /** Returns the first day of the present period, under which a ledger counts it. */
  LocalDate start(Instant now) {
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    return period == Period.DAY ? today : today.withDayOfMonth(1);
  }

  /** Returns the end of the present period. */
  public Instant end(Instant now) {
    LocalDate start = start(now);
    LocalDate next =
        period == Period.DAY
            ? start.plusDays(1)
            : start.with(TemporalAdjusters.firstDayOfNextMonth());
    return next.atStartOfDay().toInstant(ZoneOffset.UTC);
  }

  /** Returns the limit in words: {@code 5000000 tokens a day}, {@code 2.5 dollars a month}. */
  String words() {
    String amount =
        unit == Unit.TOKENS
            ? limit + " tokens"
            : BigDecimal.valueOf(limit, DIGITS).stripTrailingZeros().toPlainString() + " dollars";
    return amount + (period == Period.DAY ? " a day" : " a month");
  }

  ClientRefused.Reason reason() {
    if (period == Period.DAY) {
      return unit == Unit.TOKENS
          ? ClientRefused.Reason.DAILY_TOKENS
          : ClientRefused.Reason.DAILY_USD;
    }
    return unit == Unit.TOKENS
        ? ClientRefused.Reason.MONTHLY_TOKENS
        : ClientRefused.Reason.MONTHLY_USD;
  }
}
