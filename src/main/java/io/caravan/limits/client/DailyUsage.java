package io.caravan.limits.client;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The amounts used by day and account: those of a day of the latest day and the one before it
 * (calls that began before midnight end after it), those of a month of the latest month and the one
 * before. Not safe for use by several threads.
 */
final class DailyUsage {
  private final Map<LocalDate, Map<String, Long>> days = new HashMap<>();
  private final Map<LocalDate, Map<String, Long>> months = new HashMap<>();
  private LocalDate latest = LocalDate.MIN;
  private LocalDate latestMonth = LocalDate.MIN;

  void add(LocalDate day, String account, long amount) {
    if (account.startsWith(Budget.MONTH)) {
      if (day.isAfter(latestMonth)) {
        latestMonth = day;
        months.keySet().removeIf(old -> old.isBefore(day.minusMonths(1)));
      }
      if (!day.isBefore(latestMonth.minusMonths(1))) {
        months.computeIfAbsent(day, d -> new HashMap<>()).merge(account, amount, Long::sum);
      }
      return;
    }
    if (day.isAfter(latest)) {
      latest = day;
      days.keySet().removeIf(old -> old.isBefore(day.minusDays(1)));
    }
    if (!day.isBefore(latest.minusDays(1))) {
      days.computeIfAbsent(day, d -> new HashMap<>()).merge(account, amount, Long::sum);
    }
  }

  long get(LocalDate day, String account) {
    Map<LocalDate, Map<String, Long>> all = account.startsWith(Budget.MONTH) ? months : days;
    return all.getOrDefault(day, Map.of()).getOrDefault(account, 0L);
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
