package io.caravan.exchange;

import io.caravan.openai.UpstreamError;
import io.caravan.provider.learned.Quirk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;

/** The attempts of one request so far, and the models that are left for it. */
public final class Attempts {
  /** Servers that name one field at a time name a few. */
  private static final int MAX_CHANGES = 3;

  private final Map<String, String> headers;
  private final List<String> tried = new ArrayList<>();
  private final Map<String, Integer> calls = new HashMap<>();
  private final Map<String, Pause> paused = new LinkedHashMap<>();
  private long firstFailureAt;
  private int changes;
  private List<Quirk> found = List.of();
  private List<Quirk> proven = List.of();
  private UpstreamError complaint;
  private List<ModelChoice> fallbacks = List.of();

  /**
   * A model that may not be called for a while.
   *
   * @param limited whether its upstream asked for that, else it keeps failing
   * @param until {@link System#nanoTime()}
   */
  private record Pause(ModelChoice choice, boolean limited, long until) {
    NotNowException exception(long now) {
      return new NotNowException(choice, limited, Duration.ofNanos(Math.max(0, until - now)));
    }
  }

  Attempts(Map<String, String> headers) {
    this.headers = headers;
  }

  /** Returns the models that are left to fall back to. */
  public List<ModelChoice> fallbacks() {
    return fallbacks;
  }

  /** Sets the models to fall back to, in their order. */
  public void setFallbacks(List<ModelChoice> fallbacks) {
    this.fallbacks = List.copyOf(fallbacks);
  }

  /** Since the first failure: how long the first call took, or waited for its turn, is not it. */
  public Duration elapsed() {
    if (firstFailureAt == 0) {
      firstFailureAt = System.nanoTime();
    }
    return Duration.ofNanos(System.nanoTime() - firstFailureAt);
  }

  /** Counts one more failed call of the model, and tells how many there were. */
  public int countOf(ModelChoice choice) {
    return calls.merge(choice.fullName(), 1, Integer::sum);
  }

  /** Notes a failed attempt; told to the client in a header. */
  public void failed(ModelChoice choice, String why) {
    tried.add(choice.fullName() + " " + why);
    headers.put("caravan-tried", String.join(", ", tried));
  }

  /** Notes that a model was not called, as it may not be for a while. */
  public void passedOver(ModelChoice choice, String why, boolean limited, Duration wait) {
    if (!paused.containsKey(choice.fullName())) {
      failed(choice, why);
    }
    setAside(choice, limited, wait);
  }

  /** The model may be called again after a while: if no other answers, that is to be waited for. */
  public void setAside(ModelChoice choice, boolean limited, Duration wait) {
    paused.put(choice.fullName(), new Pause(choice, limited, System.nanoTime() + wait.toNanos()));
  }

  /** Of the models set aside, the one that may be called first. */
  public NotNowException soonest() {
    long now = System.nanoTime();
    return paused.values().stream()
        .min((a, b) -> Long.compare(a.until() - b.until(), 0))
        .orElseThrow()
        .exception(now);
  }

  /**
   * Notes what the upstream complained of; the next call goes without it.
   *
   * @param quoted whether the complaint repeats the client's own words, and so may be the client's
   * @return whether that changes anything: not what has been left out already, and not for ever
   */
  public boolean found(List<Quirk> quirks, UpstreamError error, boolean quoted) {
    if (changes == MAX_CHANGES || found.containsAll(quirks)) {
      return false;
    }
    changes++;
    List<Quirk> all = new ArrayList<>(found);
    all.addAll(quirks);
    found = List.copyOf(all);
    complaint = error;
    List<Quirk> changing = quirks.stream().filter(Quirk::changesRequest).toList();
    proven = quoted || changing.size() != 1 ? List.of() : changing;
    return true;
  }

  /**
   * Returns what the success of the next call proves: that it was changed in one respect alone, of
   * which the upstream complained in its own words.
   */
  public List<Quirk> proven() {
    return proven;
  }

  /** What the present model's server has complained of. */
  public List<Quirk> found() {
    return found;
  }

  /** The last complaint, or null. */
  public UpstreamError complaint() {
    return complaint;
  }

  /** Forgets what the last model's server complained of: another is called next. */
  void forgetComplaints() {
    changes = 0;
    found = List.of();
    proven = List.of();
  }

  /**
   * Starts an attempt at the next model of the chain.
   *
   * @return null where there is none
   */
  public Attempt fallBack(Exchange exchange) {
    if (fallbacks.isEmpty()) {
      return null;
    }
    ModelChoice next = fallbacks.get(0);
    fallbacks = fallbacks.subList(1, fallbacks.size());
    return Attempt.start(exchange, next);
  }
}
