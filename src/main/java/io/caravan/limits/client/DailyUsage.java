package io.caravan.limits.client;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The tokens used by day and client, of the two days that were charged last: a day and the one
 * before it, as calls that began before midnight end after it. A clock that was wrong for a while,
 * by days even, so costs no more than the day before. Not safe for use by several threads.
 */
final class DailyUsage {
  private static final int DAYS = 2;

  /** The day that was charged last is at the end. */
  private final Map<LocalDate, Map<String, Long>> days = new LinkedHashMap<>();

  void add(LocalDate day, String client, long tokens) {
    Map<String, Long> clients = days.remove(day);
    days.put(day, clients == null ? new HashMap<>() : clients);
    days.get(day).merge(client, tokens, Long::sum);
    if (days.size() > DAYS) {
      days.remove(days.keySet().iterator().next());
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
