package io.caravan.limits.redis;

import io.caravan.limits.Time;
import io.caravan.limits.upstream.SharedWindow;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A limit of concurrent calls that replicas share through Redis, in front of the window of their
 * requests. Redis holds each call under way by a lease, which {@code calls.lua} gives and the
 * call's replica renews: the calls of a replica that dies end with their leases.
 *
 * <p><b>If Redis is unavailable</b>, a replica goes on with its share of the limit, one call at
 * least. Calls that others have under way beyond their shares may come on top until they end.
 * <b>When Redis is back</b>, with its data or without, each replica brings its calls under way, and
 * no new one is given until they are below the limit.
 */
final class RedisCalls extends RedisLimit {
  private static final Logger LOG = LoggerFactory.getLogger(RedisCalls.class);
  private static final RedisScript SCRIPT = RedisScript.load("calls.lua");

  /** The length of a lease: far above a beat, since a replica that pauses must keep its calls. */
  private static final Duration LEASE = Duration.ofSeconds(6);

  /**
   * The time to wait where all calls are taken; the message that one has ended mostly is sooner.
   */
  private static final long AGAIN = Duration.ofMillis(250).toNanos();

  private final SharedWindow window;

  /** The end of the time that Redis has at the start to become available. */
  private final long notAloneUntil;

  private final Set<String> held = new LinkedHashSet<>();
  private int replicas;
  private int elsewhere;

  /**
   * Makes a limit; it does not connect yet.
   *
   * @param limit concurrent calls of all replicas together
   * @param window the window in which each call needs a place too
   * @param guessedReplicas the number of replicas to assume as long as Redis has reported none
   */
  RedisCalls(
      RedisLink link,
      String name,
      int limit,
      SharedWindow window,
      int guessedReplicas,
      ClusterTimings timings,
      Time time) {
    super(SCRIPT, link, "calls", name, limit, timings, time);
    this.window = window;
    this.replicas = guessedReplicas;
    this.notAloneUntil = time.nanoTime() + timings.alone().toNanos();
  }

  /** Connects, and sends heartbeats from then on. */
  RedisCalls start() {
    listen();
    return this;
  }

  /** Takes the call first, which can be given back, and then the place in the window. */
  @Override
  public CompletionStage<Answer> take() {
    String call;
    boolean ask;
    lock.lock();
    try {
      ask = joined;
      if (!ask && !mayTakeAlone()) {
        return CompletableFuture.completedFuture(Answer.later(AGAIN));
      }
      call = nextId();
      // This holds where Redis is asked too: the lease is renewed from now on.
      held.add(call);
    } finally {
      lock.unlock();
    }
    return ask
        ? send("take", List.of(call))
            .handle((word, failure) -> failure == null && word.equals("given"))
            .thenCompose(given -> given ? inWindow(call) : refused(call))
        : inWindow(call);
  }

  private boolean mayTakeAlone() {
    if (time.nanoTime() - notAloneUntil < 0) {
      return false;
    }
    int share = Math.max(1, new ReplicaShare(0, replicas).part(limit));
    if (!loggedAlone) {
      loggedAlone = true;
      LOG.warn(
          "Redis is unavailable: this replica has {} of the {} concurrent calls of {}",
          share,
          limit,
          name);
    }
    return held.size() < share;
  }

  /** Gives up the call. If Redis has given it after all, its lease ends by itself. */
  private CompletionStage<Answer> refused(String call) {
    lock.lock();
    try {
      held.remove(call);
    } finally {
      lock.unlock();
    }
    return CompletableFuture.completedFuture(Answer.later(AGAIN));
  }

  private CompletionStage<Answer> inWindow(String call) {
    return window.take().thenApply(answer -> inWindow(call, answer));
  }

  private Answer inWindow(String call, Answer answer) {
    Place place = answer.place();
    if (place == null) {
      release("drop", call);
      return answer;
    }
    return Answer.given(
        new Place() {
          @Override
          public void giveBack() {
            place.giveBack();
            release("back", call);
          }

          @Override
          public void ended() {
            place.ended();
            release("back", call);
          }
        });
  }

  private void release(String how, String call) {
    boolean inRedis;
    lock.lock();
    try {
      inRedis = held.remove(call) && joined;
    } finally {
      lock.unlock();
    }
    if (inRedis) {
      CompletionStage<String> unused = send(how, List.of(call));
    }
  }

  @Override
  void sendBeat(boolean here) {
    if (link.connected()) {
      keep();
    }
  }

  /** Renews the leases, which also brings the calls under way to a Redis that has lost them. */
  private void keep() {
    List<String> mine;
    lock.lock();
    try {
      mine = ids();
    } finally {
      lock.unlock();
    }
    CompletionStage<Void> unused =
        send("keep", mine)
            .handle(
                (word, failure) -> {
                  if (failure == null && word.equals("ok")) {
                    joined();
                  }
                  return null;
                });
  }

  private void joined() {
    boolean more;
    lock.lock();
    try {
      more = !joined;
      joined = true;
      loggedAlone = false;
    } finally {
      lock.unlock();
    }
    if (more) {
      onChange.run();
    }
  }

  /** Returns the calls under way, whose leases end when this replica leaves. */
  @Override
  List<String> ids() {
    return List.copyOf(held);
  }

  @Override
  CompletionStage<String> send(String operation, List<String> ids) {
    List<String> settings =
        List.of(deadline(), micros(LEASE.toNanos()), micros(timings.settle().toNanos()));
    return run(operation, settings, ids)
        .thenApply(this::read)
        .whenComplete(
            (word, failure) -> {
              if (failure != null) {
                lost();
              }
            });
  }

  private String read(List<Object> answer) {
    link.serverTime((Long) answer.get(1));
    String word = (String) answer.get(0);
    if (!word.equals("void")) {
      lock.lock();
      try {
        elsewhere = (int) Math.max(0, (Long) answer.get(2) - held.size());
        replicas = (int) Math.max(1, (Long) answer.get(3));
      } finally {
        lock.unlock();
      }
    }
    return word;
  }

  @Override
  public void connected() {
    keep();
  }

  @Override
  public void lost() {
    lock.lock();
    try {
      joined = false;
      elsewhere = 0;
    } finally {
      lock.unlock();
    }
  }

  /** Called when a call has ended at any replica. */
  @Override
  public void received(String message) {
    onChange.run();
  }

  @Override
  public int elsewhere() {
    lock.lock();
    try {
      return elsewhere;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long forecastNanos(int places) {
    return window.forecastNanos(places);
  }

  @Override
  public int used() {
    return window.used();
  }

  @Override
  public int limit() {
    return window.limit();
  }

  @Override
  public void waiting(int requests) {
    window.waiting(requests);
  }

  @Override
  public void onChange(Runnable listener) {
    super.onChange(listener);
    window.onChange(listener);
  }

  @Override
  public Duration answersWithin() {
    return window.answersWithin().plus(link.timeout());
  }

  @Override
  public void close() {
    super.close();
    window.close();
  }
}
