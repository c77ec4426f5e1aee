package io.caravan.limits.redis;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code window.lua} answers.
 *
 * @param word given, wait, ok; void if it came too late to be done; join if Redis does not know us
 * @param now Redis' time, microseconds
 * @param waitMicros until a permit may be had
 * @param room how many permits those who are in touch with Redis may have in the window together
 * @param waiting requests that wait, of each replica there is
 * @param ages permits in the window and how old they are, microseconds
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

  /** Whether it was done what was asked. */
  boolean done() {
    return !word.equals("void") && !word.equals("join");
  }

  private static long number(Object number) {
    return (Long) number;
  }
}
