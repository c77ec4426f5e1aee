package io.caravan.limits.client;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The tokens used by day and client, of the latest day and the one before it (calls that began
 * before midnight end after it). Not safe for use by several threads.
 */
final class DailyUsage {
  private final Map<LocalDate, Map<String, Long>> days = new HashMap<>();
  private LocalDate latest = LocalDate.MIN;

  void add(LocalDate day, String client, long tokens) {
    if (day.isAfter(latest)) {
      latest = day;
      days.keySet().removeIf(old -> old.isBefore(day.minusDays(1)));
    }
    if (!day.isBefore(latest.minusDays(1))) {
      days.computeIfAbsent(day, d -> new HashMap<>()).merge(client, tokens, Long::sum);
    }
  }

  long get(LocalDate day, String client) {
    return days.getOrDefault(day, Map.of()).getOrDefault(client, 0L);
  }

  int size() {
    return days.values().stream().mapToInt(Map::size).sum();
  }

  void forEach(BiConsumer<LocalDate, Map<String, Long>> action) {
    days.forEach(action);
  }
}
