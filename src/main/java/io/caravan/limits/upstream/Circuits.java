package io.caravan.limits.upstream;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.caravan.limits.Time;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Holds a circuit breaker (Resilience4j) for each {@code provider/model}. Once too many of its last
 * calls have failed, the model is not called for a while, then by a few probes, and by all again if
 * the probes succeed.
 *
 * <p>Camel's circuit breaker EIP has one breaker for each step, but models are named at run time,
 * by clients too. The breaker of a model that is not called for an hour is dropped.
 */
public final class Circuits {
  /** The state of a circuit, from the best to the worst. */
  public enum State {
    CLOSED(0),
    HALF_OPEN(1),
    OPEN(2);

    private final int level;

    State(int level) {
      this.level = level;
    }

    /** Returns the value that a gauge shows. */
    public int level() {
      return level;
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(Circuits.class);
  private static final int MAX_CIRCUITS = 10_000;

  /** The most lines of the log in a minute. */
  private static final int MAX_LINES = 30;

  /** The time to wait while all probes are under way; how long they take is not known. */
  private static final Duration PROBE = Duration.ofSeconds(2);

  private final AtomicLong lineMinute = new AtomicLong();
  private final AtomicInteger lines = new AtomicInteger();
  private int calls = 20;
  private int minimumCalls = 5;
  private float failurePercent = 50;
  private Duration openFor = Duration.ofSeconds(15);
  private int probes = 2;

  /** Not the machine's clock: if that is set back while a circuit is open, it would stay open. */
  private Clock clock = new SteadyClock(Time.system());

  private final Cache<String, Circuit> circuits =
      Caffeine.newBuilder()
          .executor(Runnable::run)
          .maximumSize(MAX_CIRCUITS)
          .expireAfterAccess(Duration.ofHours(1))
          .build();

  /** Sets how many of the last calls are counted; 20 by default. */
  public void setCalls(int calls) {
    this.calls = calls;
  }

  /** Sets the calls below which no circuit is opened; 5 by default. */
  public void setMinimumCalls(int minimumCalls) {
    this.minimumCalls = minimumCalls;
  }

  /** Sets the part of failed calls, in per cent, that opens the circuit; 50 by default. */
  public void setFailurePercent(float failurePercent) {
    this.failurePercent = failurePercent;
  }

  /** Sets how long an open circuit lets no call through; 15 s by default. */
  public void setOpenFor(Duration openFor) {
    this.openFor = openFor;
  }

  /** Sets how many calls then probe whether the upstream has recovered. */
  public void setProbes(int probes) {
    this.probes = probes;
  }

  void setTime(Time time) {
    this.clock = new SteadyClock(time);
  }

  private static final class Circuit {
    final CircuitBreaker breaker;
    private volatile Instant openUntil = Instant.MIN;

    Circuit(CircuitBreaker breaker) {
      this.breaker = breaker;
    }
  }

  private Circuit of(String target) {
    return circuits.get(target, this::create);
  }

  /** Returns the level of a line: a client may invent models, and each could write lines. */
  private Level level(Level usual) {
    long minute = clock.millis() / TimeUnit.MINUTES.toMillis(1);
    if (lineMinute.getAndSet(minute) != minute) {
      lines.set(0);
    }
    return lines.incrementAndGet() > MAX_LINES ? Level.DEBUG : usual;
  }

  private Circuit create(String target) {
    CircuitBreakerConfig config =
        CircuitBreakerConfig.custom()
            .slidingWindowType(SlidingWindowType.COUNT_BASED)
            .slidingWindowSize(calls)
            .minimumNumberOfCalls(minimumCalls)
            .failureRateThreshold(failurePercent)
            .waitDurationInOpenState(openFor)
            .permittedNumberOfCallsInHalfOpenState(probes)
            .clock(clock)
            .build();
    Circuit circuit = new Circuit(CircuitBreaker.of(target, config));
    circuit
        .breaker
        .getEventPublisher()
        .onStateTransition(
            event -> {
              CircuitBreaker.State to = event.getStateTransition().getToState();
              if (to == CircuitBreaker.State.OPEN) {
                circuit.openUntil = clock.instant().plus(openFor);
                LOG.atLevel(level(Level.WARN))
                    .log(
                        "{} keeps failing: it is not called for {} s", target, openFor.toSeconds());
              } else if (to == CircuitBreaker.State.CLOSED) {
                LOG.atLevel(level(Level.INFO)).log("{} works again", target);
              }
            });
    return circuit;
  }

  /**
   * Asks for a call. One of {@link #succeeded}, {@link #failed} and {@link #released} must follow.
   *
   * @return zero if the call may be made, else the time after which to ask again
   */
  public Duration enter(String target) {
    if (of(target).breaker.tryAcquirePermission()) {
      return Duration.ZERO;
    }
    Duration left = remaining(target);
    return left.isZero() ? PROBE : left;
  }

  /** Returns how long the target's circuit stays open; zero if it isn't open. */
  public Duration remaining(String target) {
    Circuit known = circuits.getIfPresent(target);
    if (known == null || known.breaker.getState() != CircuitBreaker.State.OPEN) {
      return Duration.ZERO;
    }
    Duration left = Duration.between(clock.instant(), known.openUntil);
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** Records that the call succeeded. */
  public void succeeded(String target) {
    of(target).breaker.onSuccess(0, TimeUnit.NANOSECONDS);
  }

  /** Records that the call failed because of the upstream. */
  public void failed(String target, Throwable why) {
    of(target).breaker.onError(0, TimeUnit.NANOSECONDS, why);
  }

  /** Records that the call was not made, or that its outcome says nothing about the upstream. */
  public void released(String target) {
    of(target).breaker.releasePermission();
  }

  /** Forgets all calls. */
  public void clear() {
    circuits.invalidateAll();
  }

  /** Returns the state of the target's circuit. */
  public State state(String target) {
    Circuit known = circuits.getIfPresent(target);
    CircuitBreaker.State state =
        known == null ? CircuitBreaker.State.CLOSED : known.breaker.getState();
    return switch (state) {
      case OPEN, FORCED_OPEN -> State.OPEN;
      case HALF_OPEN -> State.HALF_OPEN;
      default -> State.CLOSED;
    };
  }
}
