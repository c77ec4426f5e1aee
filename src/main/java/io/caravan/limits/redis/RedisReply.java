package io.caravan.limits.redis;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The reply of {@code window.lua}.
 *
 * @param word given, wait, ok; void if the command came too late; join if Redis does not know this
 *     replica
 * @param now Redis' time, microseconds
 * @param waitMicros the time until a permit is free
 * @param room the permits that all connected replicas together may have in the window
 * @param waiting the waiting requests of each replica
 * @param ages the permits in the window and their ages, microseconds
 */
record RedisReply(
    String word,
    long now,
    long waitMicros,
    int room,
    Map<String, Integer> waiting,
    Map<String, Long> ages) {

  static RedisReply of(List<Object> answer) {
    Map<String, Integer> waiting = new HashMap<>();
    List<?> replicas = (List<?>) answer.get(4);
    for (int i = 0; i < replicas.size(); i += 3) {
      waiting.put((String) replicas.get(i), (int) number(replicas.get(i + 2)));
    }
    Map<String, Long> ages = new HashMap<>();
    List<?> permits = (List<?>) answer.get(5);
    for (int i = 0; i < permits.size(); i += 2) {
      ages.put((String) permits.get(i), number(permits.get(i + 1)));
    }
    return new RedisReply(
        (String) answer.get(0),
        number(answer.get(1)),
        number(answer.get(2)),
        (int) number(answer.get(3)),
        waiting,
        ages);
  }

  /** Returns whether the command was run. */
  boolean done() {
    return !word.equals("void") && !word.equals("join");
  }

  private static long number(Object number) {
    return (Long) number;
  }
}
