package io.caravan.limits.redis;

import io.caravan.limits.Time;
import io.caravan.limits.upstream.SharedWindow;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link SharedWindow} that replicas share through Redis. {@code window.lua} gives the permits,
 * by Redis' clock. Every replica learns of every permit and keeps a copy of the window.
 *
 * <p><b>If Redis is unavailable</b>, no permit is given for {@link ClusterTimings#alone()}: most
 * often Redis is back by then. After that each replica gives permits on its own, no more than its
 * {@link ReplicaShare} of the places that are free in its copy, so that all of them together stay
 * within the limit.
 *
 * <p><b>When Redis is back</b>, with its data or without, a replica joins first: it brings its copy
 * and the permits that it has given alone. Redis keeps back the shares of earlier replicas that
 * have not joined yet, until they do or are forgotten (after two windows). After its data were
 * lost, Redis gives no permits for {@link ClusterTimings#settle()}, so that a new replica does not
 * take an empty window for the truth.
 *
 * <p><b>Not promised:</b> if some replicas are cut off from Redis and others are not, the former do
 * not know of the latter's permits until Redis notices ({@link ClusterTimings#silent()}): those may
 * come on top.
 */
final class RedisWindow extends RedisLimit {
  private static final Logger LOG = LoggerFactory.getLogger(RedisWindow.class);
  private static final RedisScript SCRIPT = RedisScript.load("window.lua");
  private static final long SOON = Duration.ofMillis(50).toNanos();

  private final long window;
  private final LongAdder givenAlone;

  private final WindowCopy copy;
  private int waiting;
  private boolean joining;

  /** A permit whose request got no answer; the next request repeats it, so it is given once. */
  private String unanswered;

  /** The time of the latest command that Redis may have run, which shows this replica as here. */
  private long lastSent;

  private boolean loggedRefused;

  /**
   * Makes a window; it does not connect yet.
   *
   * @param name the name of the window in Redis
   * @param limit permits in a window
   * @param window its length in nanoseconds
   * @param guessedReplicas the number of replicas to assume as long as Redis has reported none
   * @param givenAlone the counter of permits that are given without Redis
   */
  RedisWindow(
      RedisLink link,
      String name,
      int limit,
      long window,
      int guessedReplicas,
      ClusterTimings timings,
      Time time,
      LongAdder givenAlone) {
    super(SCRIPT, link, "window", name, limit, timings, time);
    this.window = window;
    this.givenAlone = givenAlone;
    this.copy = new WindowCopy(me, limit, window, guessedReplicas);
    this.lastSent = time.nanoTime();
  }

  /** Connects, and sends heartbeats from then on. */
  RedisWindow start() {
    listen();
    return this;
  }

  @Override
  public CompletionStage<Answer> take() {
    String permit;
    lock.lock();
    try {
      if (!joined) {
        return CompletableFuture.completedFuture(takeAlone(expire()));
      }
      permit = unanswered == null ? nextId() : unanswered;
      unanswered = permit;
    } finally {
      lock.unlock();
    }
    return send("take", List.of(permit))
        .handle((reply, failure) -> failure == null ? taken(permit, reply) : Answer.later(SOON));
  }

  private Answer taken(String permit, RedisReply reply) {
    lock.lock();
    try {
      if (!reply.done()) {
        return Answer.later(SOON);
      }
      unanswered = null;
      if (!reply.word().equals("given")) {
        // A millisecond at least: Redis' clock and this one do not run quite alike.
        return Answer.later(TimeUnit.MICROSECONDS.toNanos(Math.max(1000, reply.waitMicros())));
      }
      copy.given(permit, expire());
      return Answer.given(() -> giveBack(permit));
    } finally {
      lock.unlock();
    }
  }

  private Answer takeAlone(long now) {
    long notYet = untilAlone(now);
    if (notYet > 0) {
      return Answer.later(Math.min(SOON, notYet));
    }
    if (!loggedAlone) {
      loggedAlone = true;
      LOG.warn(
          "Redis is unavailable: this replica gives {} of the {} requests of {} in a window alone",
          copy.share().part(limit),
          limit,
          name);
    }
    long wait = copy.forecastAlone(1, now);
    if (wait > 0) {
      return Answer.later(wait);
    }
    // If Redis has given the unanswered permit, its place stays unused for a window.
    unanswered = null;
    String permit = nextId();
    copy.givenAlone(permit, now);
    givenAlone.increment();
    return Answer.given(() -> giveBack(permit));
  }

  /** Returns how long no permit may be given although Redis is unavailable. */
  private long untilAlone(long now) {
    return joining ? SOON : lastSent + timings.alone().toNanos() - now;
  }

  private void giveBack(String permit) {
    boolean inRedis;
    lock.lock();
    try {
      inRedis = copy.takenBack(permit) && joined;
    } finally {
      lock.unlock();
    }
    if (inRedis) {
      CompletionStage<RedisReply> unused = send("back", List.of(permit));
    }
  }

  private long expire() {
    long now = time.nanoTime();
    copy.expire(now);
    return now;
  }

  @Override
  void sendBeat(boolean here) {
    if (here) {
      CompletionStage<RedisReply> unused = send("beat", List.of());
    } else if (link.connected()) {
      join();
    }
  }

  private void join() {
    List<String> toBring;
    lock.lock();
    try {
      if (joined || joining || closed) {
        return;
      }
      joining = true;
      toBring = copy.toBring(expire());
    } finally {
      lock.unlock();
    }
    CompletionStage<RedisReply> unused = send("join", toBring).whenComplete(this::joined);
  }

  private void joined(RedisReply reply, Throwable failure) {
    lock.lock();
    try {
      joining = false;
      if (failure == null && reply.done()) {
        copy.joined(reply, expire());
        joined = true;
        if (loggedAlone) {
          LOG.info("Redis is back: the replicas share the requests of {} again", name);
        }
        loggedAlone = false;
        loggedRefused = false;
      }
    } finally {
      lock.unlock();
    }
    onChange.run();
  }

  @Override
  CompletionStage<RedisReply> send(String operation, List<String> ids) {
    long sent = time.nanoTime();
    long before;
    List<String> settings;
    lock.lock();
    try {
      before = lastSent;
      lastSent = sent;
      settings = settings();
    } finally {
      lock.unlock();
    }
    return run(operation, settings, ids)
        .thenApply(RedisReply::of)
        .whenComplete((reply, failure) -> answered(reply, failure, sent, before));
  }

  private List<String> settings() {
    return List.of(
        micros(window),
        deadline(),
        Integer.toString(waiting),
        micros(timings.silent().toNanos()),
        micros(timings.settle().toNanos()),
        micros(2 * window));
  }

  @Override
  List<String> ids() {
    return List.of();
  }

  private void answered(RedisReply reply, Throwable failure, long sent, long before) {
    boolean more = false;
    lock.lock();
    try {
      boolean done = failure == null && reply.done();
      if (!done && !mayBeDone(failure) && lastSent == sent) {
        lastSent = before;
      }
      if (done) {
        more = copy.update(reply);
      }
      if (failure != null || reply.word().equals("join")) {
        joined = false;
      }
      if (failure != null && !(cause(failure) instanceof RedisUnavailable) && !loggedRefused) {
        loggedRefused = true;
        LOG.warn(
            "Redis refuses to share the requests of {}: {}", name, cause(failure).getMessage());
      }
    } finally {
      lock.unlock();
    }
    if (failure == null) {
      link.serverTime(reply.now());
    }
    if (more) {
      onChange.run();
    }
  }

  private static boolean mayBeDone(Throwable failure) {
    return failure != null
        && cause(failure) instanceof RedisUnavailable unavailable
        && unavailable.sent();
  }

  private static Throwable cause(Throwable failure) {
    return failure.getCause() == null ? failure : failure.getCause();
  }

  @Override
  public void connected() {
    join();
  }

  @Override
  public void received(String message) {
    int space = message.indexOf(' ');
    String what = message.substring(0, space);
    String id = message.substring(space + 1);
    lock.lock();
    try {
      switch (what) {
        case "permit" -> copy.given(id, expire());
        case "back" -> copy.takenBack(id);
        case "join" -> copy.replicaCame(id);
        case "leave" -> copy.replicaLeft(id);
        default -> LOG.debug("Unknown message {}", what);
      }
    } finally {
      lock.unlock();
    }
    if (what.equals("back")) {
      onChange.run();
    }
  }

  @Override
  public long forecastNanos(int places) {
    lock.lock();
    try {
      long now = expire();
      if (joined || untilAlone(now) > 0) {
        return copy.forecast(places, now);
      }
      return copy.forecastAlone(places, now);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int used() {
    lock.lock();
    try {
      expire();
      return copy.used();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int limit() {
    return limit;
  }

  @Override
  public void waiting(int requests) {
    lock.lock();
    try {
      waiting = requests;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Duration answersWithin() {
    return timings.alone().plus(link.timeout());
  }
}
