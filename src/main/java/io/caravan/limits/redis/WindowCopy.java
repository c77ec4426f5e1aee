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
 * What a replica knows of a window that it shares: a copy of the window in Redis, the permits that
 * it has given alone, and which other replicas there are. Not safe for use by several threads.
 */
final class WindowCopy {
  private final String me;
  private final int limit;
  private final long window;
  private final int guessedReplicas;

  private final Timeline copy = new Timeline();
  private final Timeline alone = new Timeline();

  /** All replicas in their order, and how many requests wait there. */
  private final Map<String, Integer> replicas = new TreeMap<>();

  /** What those who are in touch with Redis may give together. */
  private int room;

  /**
   * @param guessedReplicas how many replicas to share with as long as Redis has told of none
   */
  WindowCopy(String me, int limit, long window, int guessedReplicas) {
    this.me = me;
    this.limit = limit;
    this.window = window;
    this.guessedReplicas = guessedReplicas;
    this.room = limit;
  }

  /** Forgets what has left the window. */
  void expire(long now) {
    copy.expire(now - window);
    alone.expire(now - window);
  }

  int used() {
    return copy.size() + alone.size();
  }

  /** A permit was given by Redis, to whomever. */
  void given(String permit, long now) {
    copy.add(permit, now);
  }

  /** A permit was given here, without Redis. */
  void givenAlone(String permit, long now) {
    alone.add(permit, now);
  }

  /**
   * A permit was not used.
   *
   * @return whether it was one of Redis'
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
   * Redis has told how things are.
   *
   * @return whether there is more room than before
   */
  boolean told(RedisReply reply) {
    replicas.clear();
    replicas.putAll(reply.waiting());
    boolean more = reply.room() > room;
    room = reply.room();
    return more;
  }

  /** What to bring along when joining: permits with their ages, then the other replicas. */
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

  /** Redis has what was brought. */
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
   * How long until so many more permits can be had from Redis, if other replicas' requests get
   * every other one as long as they wait.
   */
  long forecast(int places, long now) {
    int with = places;
    for (Map.Entry<String, Integer> replica : replicas.entrySet()) {
      with += replica.getKey().equals(me) ? 0 : Math.min(replica.getValue(), places);
    }
    return copy.waitFor(with, room, window, now);
  }

  /** This replica's share when each is alone. */
  ReplicaShare share() {
    if (replicas.containsKey(me)) {
      return new ReplicaShare(List.copyOf(replicas.keySet()).indexOf(me), replicas.size());
    }
    int of = Math.max(guessedReplicas, replicas.size() + 1);
    return new ReplicaShare(of - 1, of);
  }

  /** How long until so many more permits may be given without Redis: it tries what would happen. */
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

  /** Takes out whichever leaves the window next, and tells how long that takes. */
  private long leaveNext(Deque<Long> before, Deque<Long> own, long at) {
    boolean fromOwn = before.isEmpty() || (!own.isEmpty() && own.peek() - before.peek() < 0);
    long time = fromOwn ? own.poll() : before.poll();
    return Math.max(0, time + window - at);
  }
}
