package io.caravan.limits.upstream;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A circuit breaker (Resilience4j) for each {@code provider/model}: once too many of its last calls
 * have failed it is not called for a while, then by a few probes, and by all again if those
 * succeed.
 *
 * <p>Camel's own circuit breaker EIP has one breaker a step, but models are named at run time, by
 * clients too. The breakers of models not called for an hour are forgotten.
 */
public final class Circuits {
  /** Where a circuit stands, in the order of trouble. */
  public enum State {
    CLOSED(0),
    HALF_OPEN(1),
    OPEN(2);

    private final int level;

    State(int level) {
      this.level = level;
    }

    /** As a gauge shows it. */
    public int level() {
      return level;
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(Circuits.class);
  private static final int MAX_CIRCUITS = 10_000;

  /** When to ask again while all probes are under way: nobody knows how long they take. */
  private static final Duration PROBE = Duration.ofSeconds(2);

  private int calls = 20;
  private int minimumCalls = 5;
  private float failurePercent = 50;
  private Duration openFor = Duration.ofSeconds(15);
  private int probes = 2;
  private Clock clock = Clock.systemUTC();
  private final Cache<String, Circuit> circuits =
      Caffeine.newBuilder()
          .executor(Runnable::run)
          .maximumSize(MAX_CIRCUITS)
          .expireAfterAccess(Duration.ofHours(1))
          .build();

  /** The last calls that are looked at; 20 by default. */
  public void setCalls(int calls) {
    this.calls = calls;
  }

  /** Fewer calls than this say nothing; 5 by default. */
  public void setMinimumCalls(int minimumCalls) {
    this.minimumCalls = minimumCalls;
  }

  /** The part of failed calls, in per cent, from which on the circuit is opened; 50 by default. */
  public void setFailurePercent(float failurePercent) {
    this.failurePercent = failurePercent;
  }

  /** How long an open circuit lets no call through; 15 s by default. */
  public void setOpenFor(Duration openFor) {
    this.openFor = openFor;
  }

  /** The calls that are let through after that, to see whether the upstream is well again. */
  public void setProbes(int probes) {
    this.probes = probes;
  }

  void setClock(Clock clock) {
    this.clock = clock;
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
                LOG.warn(
                    "{} keeps failing: it is not called for {} s", target, openFor.toSeconds());
              } else if (to == CircuitBreaker.State.CLOSED) {
                LOG.info("{} answers again", target);
              }
            });
    return circuit;
  }

  /**
   * Asks for a call. It must be followed by one of {@link #succeeded}, {@link #failed} and {@link
   * #released}.
   *
   * @return zero if the call may be made, else when to ask again
   */
  public Duration enter(String target) {
    if (of(target).breaker.tryAcquirePermission()) {
      return Duration.ZERO;
    }
    Duration left = remaining(target);
    return left.isZero() ? PROBE : left;
  }

  /** How long the target's open circuit lets no call through; zero where it isn't open. */
  public Duration remaining(String target) {
    Circuit known = circuits.getIfPresent(target);
    if (known == null || known.breaker.getState() != CircuitBreaker.State.OPEN) {
      return Duration.ZERO;
    }
    Duration left = Duration.between(clock.instant(), known.openUntil);
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** The call was answered. */
  public void succeeded(String target) {
    of(target).breaker.onSuccess(0, TimeUnit.NANOSECONDS);
  }

  /** The call failed in a way that says that the upstream is unwell. */
  public void failed(String target, Throwable why) {
    of(target).breaker.onError(0, TimeUnit.NANOSECONDS, why);
  }

  /** The call was not made, or its outcome says nothing of the upstream. */
  public void released(String target) {
    of(target).breaker.releasePermission();
  }

  /** Where the target's circuit stands. */
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
