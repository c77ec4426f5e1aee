package io.caravan.failover;

import io.caravan.anthropic.ErrorType;
import io.caravan.exchange.CallFailedException;
import io.caravan.exchange.CallKey;
import io.caravan.exchange.ModelChoice;
import io.caravan.exchange.PauseReason;
import io.caravan.limits.upstream.AdmissionRequest;
import io.caravan.limits.upstream.Admissions;
import io.caravan.limits.upstream.Cooldowns;
import io.caravan.limits.upstream.LearnedLimits;
import io.caravan.limits.upstream.RefusedKeys;
import io.caravan.metrics.UpstreamMetrics;
import io.caravan.openai.RateLimitWords;
import io.caravan.openai.UpstreamError;
import io.caravan.provider.Provider;
import io.caravan.provider.UpstreamKey;
import io.caravan.translate.error.KeyFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the key of each call, among those of its provider, and records what becomes of it. Each
 * key has a window, cooldowns and learned limits of its own; a key that its upstream refuses is
 * left out, until it is tried again. With one key, or none, that one is always chosen.
 */
public final class UpstreamKeys {
  private static final Logger LOG = LoggerFactory.getLogger(UpstreamKeys.class);

  /** The way in which several keys of a provider are used. */
  enum Order {
    /** The first one, as long as it has room. */
    IN_ORDER,
    /** One after the other. */
    IN_TURN
  }

  private final RefusedKeys<Use> refused = new RefusedKeys<>();
  private final Map<String, AtomicInteger> turns = new ConcurrentHashMap<>();
  private Order order = Order.IN_ORDER;
  private Cooldowns cooldowns = new Cooldowns();
  private LearnedLimits limits = new LearnedLimits();
  private Admissions admissions = new Admissions();
  private UpstreamMetrics metrics = new UpstreamMetrics();

  /**
   * A key that was refused.
   *
   * @param key null if the provider has none
   * @param model the model that it may not use; empty for all
   */
  record Use(UpstreamKey key, String model) {}

  /**
   * The time for which no key may call a model.
   *
   * @param time zero if one may
   * @param reason null if one may
   */
  record Pause(Duration time, PauseReason reason) {
    static final Pause NONE = new Pause(Duration.ZERO, null);

    boolean isShorterThan(Pause other) {
      return time.compareTo(other.time) < 0;
    }
  }

  /** Sets the way in which several keys are used: {@code in-order} (default) or {@code in-turn}. */
  public void setOrder(String order) {
    this.order =
        switch (order.strip()) {
          case "in-order" -> Order.IN_ORDER;
          case "in-turn" -> Order.IN_TURN;
          default ->
              throw new IllegalArgumentException(
                  "caravan.keys.order is " + order + ": it must be in-order or in-turn");
        };
  }

  /** Sets the time for which a refused key is left out; it doubles with each further refusal. */
  public void setRefusedFor(Duration time) {
    refused.setFirst(time);
  }

  /** Sets the pauses that upstreams have asked for. */
  public void setCooldowns(Cooldowns cooldowns) {
    this.cooldowns = cooldowns;
  }

  /** Sets the limits that refusals have shown. */
  public void setLimits(LearnedLimits limits) {
    this.limits = limits;
  }

  /** Sets the windows of the keys. */
  public void setAdmissions(Admissions admissions) {
    this.admissions = admissions;
  }

  /** Sets the metrics that show learned limits. */
  public void setMetrics(UpstreamMetrics metrics) {
    this.metrics = metrics;
  }

  /** Returns the limits that refusals have shown. */
  public LearnedLimits limits() {
    return limits;
  }

  /** Returns the windows of the keys. */
  public Admissions admissions() {
    return admissions;
  }

  /** Returns the refused keys by a name that shows none of them. */
  public Map<String, RefusedKeys.Status> refused() {
    Map<String, RefusedKeys.Status> all = new TreeMap<>();
    refused
        .all()
        .forEach(
            (use, status) ->
                all.put(
                    use.key().provider()
                        + " key "
                        + use.key().number()
                        + (use.model().isEmpty() ? "" : " for " + use.model()),
                    status));
    return all;
  }

  /** Forgets what was learned of limits and keys, and returns how much that was. */
  public int forget() {
    return refused.forget() + limits.forget();
  }

  /** Returns the name under which a model's pauses with a key are kept. */
  private static String target(ModelChoice choice, UpstreamKey key) {
    return choice.fullName() + (key == null ? "" : key.suffix());
  }

  /**
   * Chooses a key and takes a place for a call.
   *
   * @param place the request's place in the queues before the windows
   * @return null if no key may call the model now
   */
  CallKey enter(ModelChoice choice, AdmissionRequest place) {
    for (UpstreamKey key : inTheirOrder(choice, place)) {
      LearnedLimits.Place taken =
          cooldowns.remaining(target(choice, key)).isZero()
              ? limits.enter(target(choice, key))
              : null;
      if (taken != null) {
        return new CallKey(choice.provider(), key, taken);
      }
    }
    return null;
  }

  /** Returns the usable keys, the one to use first; one null if the provider has none. */
  private List<UpstreamKey> inTheirOrder(ModelChoice choice, AdmissionRequest place) {
    List<UpstreamKey> usable = usable(choice);
    if (usable.size() < 2) {
      return usable;
    }
    List<UpstreamKey> ordered = new ArrayList<>(usable);
    if (order == Order.IN_TURN) {
      String provider = choice.provider().getName();
      int turn = turns.computeIfAbsent(provider, p -> new AtomicInteger()).getAndIncrement();
      Collections.rotate(ordered, -Math.floorMod(turn, ordered.size()));
    }
    Map<UpstreamKey, Duration> waits = new HashMap<>();
    ordered.forEach(key -> waits.put(key, admissions.predictedWait(key.name(), place)));
    // Stable: of those that have room, the first.
    ordered.sort(Comparator.comparing(waits::get));
    return ordered;
  }

  /**
   * Returns the keys that are not refused; all if all are: the client gets the upstream's words.
   */
  private List<UpstreamKey> usable(ModelChoice choice) {
    List<UpstreamKey> keys = choice.provider().keys();
    if (keys.size() < 2) {
      return keys.isEmpty() ? Collections.singletonList(null) : keys;
    }
    List<UpstreamKey> usable = keys.stream().filter(key -> isUsable(key, choice.model())).toList();
    return usable.isEmpty() ? keys : usable;
  }

  private boolean isUsable(UpstreamKey key, String model) {
    return refused.remaining(new Use(key, "")).isZero()
        && refused.remaining(new Use(key, model)).isZero();
  }

  /** Returns the time until the first of the usable keys may call a model. */
  Pause pause(ModelChoice choice) {
    Pause shortest = null;
    for (UpstreamKey key : usable(choice)) {
      Pause pause = pause(target(choice, key));
      if (shortest == null || pause.isShorterThan(shortest)) {
        shortest = pause;
      }
    }
    return shortest;
  }

  private Pause pause(String target) {
    Duration cooling = cooldowns.remaining(target);
    Duration limited = limits.remaining(target);
    if (limited.compareTo(cooling) > 0) {
      return new Pause(limited, PauseReason.LIMITED);
    }
    if (cooling.isZero()) {
      return Pause.NONE;
    }
    return new Pause(
        cooling, cooldowns.isRequested(target) ? PauseReason.ASKED_FOR : PauseReason.RATE_LIMITED);
  }

  /** Records that a call has succeeded. */
  void succeeded(ModelChoice choice, CallKey used) {
    cooldowns.succeeded(target(choice, used.key()));
    if (choice.provider().keys().size() > 1) {
      refused.succeeded(new Use(used.key(), ""));
      refused.succeeded(new Use(used.key(), choice.model()));
    }
  }

  /** Records that a call was not made, or that its failure says nothing of its key. */
  void released(CallKey used) {
    if (used.place() != null) {
      used.place().giveBack();
    }
  }

  /** Learns from a failed call. */
  void failed(ModelChoice choice, CallKey used, CallFailedException failed) {
    KeyFault fault = KeyFault.of(failed.error());
    if (fault != null && choice.provider().keys().size() > 1) {
      setAside(choice, used.key(), fault, failed.error());
      return;
    }
    if (failed.type() == ErrorType.RATE_LIMIT) {
      learn(choice, used, failed);
    }
    if (failed.type() == ErrorType.RATE_LIMIT || failed.retryAfter() != null) {
      cooldowns.failed(target(choice, used.key()), failed.retryAfter());
    }
  }

  private void setAside(ModelChoice choice, UpstreamKey key, KeyFault fault, UpstreamError error) {
    String model = fault == KeyFault.FORBIDDEN ? choice.model() : "";
    Duration time = refused.refused(new Use(key, model), "HTTP " + error.status());
    if (time.isZero()) {
      return;
    }
    Provider provider = choice.provider();
    LOG.error(
        "Key {} of {} in {} (********) is refused{} (HTTP {}): it is not used for {} s",
        key.number(),
        provider.keys().size(),
        provider.getKeySetting() == null ? provider.getName() : provider.getKeySetting(),
        model.isEmpty() ? "" : " for " + choice.fullName(),
        error.status(),
        time.toSeconds());
    metrics.keyRefused(provider.getName());
  }

  private void learn(ModelChoice choice, CallKey used, CallFailedException failed) {
    RateLimitWords words =
        RateLimitWords.of(failed.error() == null ? "" : failed.error().message());
    if (used.place() == null || !words.isOfCalls()) {
      return;
    }
    Integer calls = words.calls() == null ? used.headers().calls() : words.calls();
    Duration after = failed.retryAfter() == null ? used.headers().reset() : failed.retryAfter();
    boolean learned = used.place().refused(new LearnedLimits.Refusal(after, calls, words.window()));
    String target = target(choice, used.key());
    if (learned) {
      metrics.learned(choice, used.key(), limits, target);
      LOG.info(
          "{} takes {} calls in a window, as its refusals show; see {} of the management server",
          target,
          limits.calls(target),
          "/observe/limits");
    }
  }

  /** Returns whether a provider has several keys, and one that is not refused for a model. */
  boolean areLeft(ModelChoice choice) {
    List<UpstreamKey> keys = choice.provider().keys();
    return keys.size() > 1 && keys.stream().anyMatch(key -> isUsable(key, choice.model()));
  }

  /** Returns whether a failure is about the key, and another one may call the model now. */
  boolean another(ModelChoice choice, CallFailedException failed) {
    boolean about = KeyFault.of(failed.error()) != null || failed.type() == ErrorType.RATE_LIMIT;
    return about && areLeft(choice) && pause(choice).time().isZero();
  }
}
