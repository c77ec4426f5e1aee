package io.caravan.limits.client;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The amounts used by day and account, of the two days that were charged last: a day and the one
 * before it, as calls that began before midnight end after it; and of the two months that were
 * charged last. A clock that was wrong for a while, by days even, so costs no more than the period
 * before. Not safe for use by several threads.
 */
final class DailyUsage {
  private static final int KEPT = 2;

  /** The period that was charged last is at the end. */
  private final Map<LocalDate, Map<String, Long>> days = new LinkedHashMap<>();

  private final Map<LocalDate, Map<String, Long>> months = new LinkedHashMap<>();

  void add(LocalDate day, String account, long amount) {
    Map<LocalDate, Map<String, Long>> periods = of(account);
    Map<String, Long> accounts = periods.remove(day);
    periods.put(day, accounts == null ? new HashMap<>() : accounts);
    periods.get(day).merge(account, amount, Long::sum);
    if (periods.size() > KEPT) {
      periods.remove(periods.keySet().iterator().next());
    }
  }

  private Map<LocalDate, Map<String, Long>> of(String account) {
    return account.startsWith(Budget.MONTH) ? months : days;
  }

  long get(LocalDate day, String account) {
    return of(account).getOrDefault(day, Map.of()).getOrDefault(account, 0L);
  }

  int size() {
    return days.values().stream().mapToInt(Map::size).sum()
        + months.values().stream().mapToInt(Map::size).sum();
  }

  void forEach(BiConsumer<LocalDate, Map<String, Long>> action) {
    days.forEach(action);
    months.forEach(action);
  }
}
