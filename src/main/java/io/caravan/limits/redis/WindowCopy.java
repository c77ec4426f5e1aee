package io.caravan.limits.redis;

import io.caravan.limits.upstream.Timeline;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A replica's knowledge of a shared window: a copy of the window in Redis, the permits that the
 * replica has given alone, and the other replicas. Not safe for use by several threads.
 */
final class WindowCopy {
  private final String me;
  private final int limit;
  private final long window;
  private final int guessedReplicas;

  private final Timeline copy = new Timeline();
  private final Timeline alone = new Timeline();

  /** The replicas in their order, with the number of requests that wait at each. */
  private final Map<String, Integer> replicas = new TreeMap<>();

  /** The permits that all connected replicas together may give. */
  private int room;

  /**
   * Makes an empty copy.
   *
   * @param guessedReplicas the number of replicas to assume as long as Redis has reported none
   */
  WindowCopy(String me, int limit, long window, int guessedReplicas) {
    this.me = me;
    this.limit = limit;
    this.window = window;
    this.guessedReplicas = guessedReplicas;
    this.room = limit;
  }

  /** Removes the permits that have left the window. */
  void expire(long now) {
    copy.expire(now - window);
    alone.expire(now - window);
  }

  int used() {
    return copy.size() + alone.size();
  }

  /** Records a permit that Redis has given, to any replica. */
  void given(String permit, long now) {
    copy.add(permit, now);
  }

  /** Records a permit that was given here, without Redis. */
  void givenAlone(String permit, long now) {
    alone.add(permit, now);
  }

  /**
   * Removes a permit that was not used.
   *
   * @return true if Redis had given it
   */
  boolean takenBack(String permit) {
    alone.remove(permit);
    return copy.remove(permit);
  }

  void replicaCame(String replica) {
    replicas.putIfAbsent(replica, 0);
  }

  void replicaLeft(String replica) {
    replicas.remove(replica);
  }

  /**
   * Takes over the replicas and the room that Redis has reported.
   *
   * @return true if there is more room than before
   */
  boolean update(RedisReply reply) {
    replicas.clear();
    replicas.putAll(reply.waiting());
    boolean more = reply.room() > room;
    room = reply.room();
    return more;
  }

  /** Returns what a joining replica sends: permits with their ages, then the other replicas. */
  List<String> toBring(long now) {
    List<Timeline.Entry> permits = new ArrayList<>(copy.entries());
    permits.addAll(alone.entries());
    List<String> all = new ArrayList<>();
    all.add(Integer.toString(permits.size()));
    for (Timeline.Entry permit : permits) {
      all.add(permit.id());
      all.add(Long.toString(TimeUnit.NANOSECONDS.toMicros(now - permit.at())));
    }
    replicas.keySet().stream().filter(replica -> !replica.equals(me)).forEach(all::add);
    return all;
  }

  /** Called when Redis has what this replica sent. */
  void joined(RedisReply reply, long now) {
    alone.entries().forEach(permit -> copy.add(permit.id(), permit.at()));
    alone.clear();
    reply.ages().entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .forEach(
            permit ->
                copy.add(permit.getKey(), now - TimeUnit.MICROSECONDS.toNanos(permit.getValue())));
  }

  /**
   * Returns the time until Redis has that many more permits, if the waiting requests of other
   * replicas get every other one.
   */
  long forecast(int places, long now) {
    int with = places;
    for (Map.Entry<String, Integer> replica : replicas.entrySet()) {
      with += replica.getKey().equals(me) ? 0 : Math.min(replica.getValue(), places);
    }
    return copy.waitFor(with, room, window, now);
  }

  /** Returns this replica's share when each replica is alone. */
  ReplicaShare share() {
    if (replicas.containsKey(me)) {
      return new ReplicaShare(List.copyOf(replicas.keySet()).indexOf(me), replicas.size());
    }
    int of = Math.max(guessedReplicas, replicas.size() + 1);
    return new ReplicaShare(of - 1, of);
  }

  /** Returns the time until that many more permits are free without Redis, by a simulation. */
  long forecastAlone(int places, long now) {
    ReplicaShare share = share();
    if (share.part(limit) == 0) {
      // The limit is smaller than the number of replicas: Redis must come back.
      return 2 * window;
    }
    Deque<Long> before = times(copy);
    Deque<Long> own = times(alone);
    long at = now;
    for (int given = 0; given < places; ) {
      if (own.size() < share.part(limit - before.size())) {
        own.add(at);
        given++;
      } else {
        at += leaveNext(before, own, at);
      }
    }
    return at - now;
  }

  private static Deque<Long> times(Timeline timeline) {
    Deque<Long> times = new ArrayDeque<>();
    timeline.entries().forEach(permit -> times.add(permit.at()));
    return times;
  }

  /** Removes the permit that leaves the window next, and returns the time until then. */
  private long leaveNext(Deque<Long> before, Deque<Long> own, long at) {
    boolean fromOwn = before.isEmpty() || (!own.isEmpty() && own.peek() - before.peek() < 0);
    long time = fromOwn ? own.poll() : before.poll();
    return Math.max(0, time + window - at);
  }
}
