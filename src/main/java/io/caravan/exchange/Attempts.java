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

/** The failed attempts of one request, and the fallbacks that are left for it. */
public final class Attempts {
  /**
   * The most times that a request is changed for one model. Some servers complain of one field at a
   * time, and what one client's text provokes must not cost many calls.
   */
  private static final int MAX_CHANGES = 2;

  private final Map<String, String> headers;
  private final List<String> tried = new ArrayList<>();
  private final Map<String, Integer> calls = new HashMap<>();
  private final Map<String, Pause> paused = new LinkedHashMap<>();
  private long firstFailureAt;
  private int changes;
  private boolean calledOnceMore;
  private List<Quirk> found = List.of();
  private List<Quirk> proven = List.of();
  private UpstreamError complaint;
  private boolean quoting;
  private List<ModelChoice> fallbacks = List.of();

  /**
   * A model that may not be called for a while.
   *
   * @param reason the reason of the pause
   * @param until the end of the pause, as a {@link System#nanoTime()}
   */
  private record Pause(ModelChoice choice, PauseReason reason, long until) {
    NotNowException exception(long now) {
      return new NotNowException(choice, reason, Duration.ofNanos(Math.max(0, until - now)));
    }
  }

  Attempts(Map<String, String> headers) {
    this.headers = headers;
  }

  /** Returns the fallbacks that are left, in their order. */
  public List<ModelChoice> fallbacks() {
    return fallbacks;
  }

  /** Sets the fallbacks, in their order. */
  public void setFallbacks(List<ModelChoice> fallbacks) {
    this.fallbacks = List.copyOf(fallbacks);
  }

  /**
   * Returns the time since the first failure; zero at the first call of this method. The time that
   * the first call took, or waited for a permit, doesn't count.
   */
  public Duration elapsed() {
    if (firstFailureAt == 0) {
      firstFailureAt = System.nanoTime();
    }
    return Duration.ofNanos(System.nanoTime() - firstFailureAt);
  }

  /**
   * Returns whether a completion was of no use before, so that the upstream was called once more.
   */
  public boolean isCalledOnceMore() {
    return calledOnceMore;
  }

  /** Records that the upstream is called once more, since its completion was of no use. */
  public void callOnceMore() {
    calledOnceMore = true;
  }

  /** Begins another call of the model for the same message: what failed before it is over. */
  public void nextCall() {
    firstFailureAt = 0;
    calledOnceMore = false;
    calls.clear();
    paused.clear();
    forgetComplaints();
  }

  /** Counts a failed call of a model and returns the number of its failed calls. */
  public int countFailure(ModelChoice choice) {
    return calls.merge(choice.fullName(), 1, Integer::sum);
  }

  /**
   * Records a failed attempt, which the response header {@code caravan-tried} reports.
   *
   * @param reason the reason in one word, such as an error type
   */
  public void failed(ModelChoice choice, String reason) {
    tried.add(choice.fullName() + " " + reason);
    headers.put("caravan-tried", String.join(", ", tried));
  }

  /** Returns how many attempts at a model have failed or were skipped. */
  public int failures(ModelChoice choice) {
    String begin = choice.fullName() + " ";
    return (int) tried.stream().filter(each -> each.startsWith(begin)).count();
  }

  /**
   * Records that a model was skipped, as it may not be called for a while.
   *
   * @param reason the reason in one word
   * @param pause the reason of the pause
   * @param wait the time until it may be called again
   */
  public void skipped(ModelChoice choice, String reason, PauseReason pause, Duration wait) {
    if (!paused.containsKey(choice.fullName())) {
      failed(choice, reason);
    }
    setAside(choice, pause, wait);
  }

  /**
   * Records when a model may be called again. If no other model responds, {@link #soonest} names
   * the one to wait for.
   *
   * @param pause the reason of the pause
   * @param wait the time until it may be called again
   */
  public void setAside(ModelChoice choice, PauseReason pause, Duration wait) {
    paused.put(choice.fullName(), new Pause(choice, pause, System.nanoTime() + wait.toNanos()));
  }

  /**
   * Returns whether the request has another model to go to than the present one: a fallback, or one
   * that may be called again later.
   */
  public boolean hasAlternative() {
    return !fallbacks.isEmpty() || !paused.isEmpty();
  }

  /** Returns whether a model may be called again later. */
  public boolean isPaused() {
    return !paused.isEmpty();
  }

  /**
   * Returns the error that names the first model, of those set aside, that may be called again.
   *
   * @throws java.util.NoSuchElementException if no model has been set aside
   */
  public NotNowException soonest() {
    long now = System.nanoTime();
    return paused.values().stream()
        .min((a, b) -> Long.compare(a.until() - b.until(), 0))
        .orElseThrow()
        .exception(now);
  }

  /**
   * Records quirks that an upstream's complaint shows. The next call to the model respects them.
   *
   * @param error the complaint
   * @param quoted true if the complaint quotes the client's own words, which may have caused it
   * @return true if the next call will differ: the quirks are new, and the request has not been
   *     changed too often
   */
  public boolean found(List<Quirk> quirks, UpstreamError error, boolean quoted) {
    if (changes == MAX_CHANGES || found.containsAll(quirks)) {
      return false;
    }
    changes++;
    List<Quirk> all = new ArrayList<>(found);
    all.removeIf(known -> quirks.stream().anyMatch(quirk -> quirk.replaces(known)));
    all.addAll(quirks);
    found = List.copyOf(all);
    complaint = error;
    quoting = quoted;
    List<Quirk> changing = quirks.stream().filter(Quirk::changesRequest).toList();
    boolean provable = !quoted && changing.size() == 1 && !changing.get(0).takesText();
    proven = provable ? changing : List.of();
    return true;
  }

  /**
   * Returns the quirks that a success of the next call proves: it was changed in one respect alone,
   * and the upstream complained of that in its own words.
   */
  public List<Quirk> proven() {
    return proven;
  }

  /** Returns the quirks that the present model's upstream has shown to this request. */
  public List<Quirk> found() {
    return found;
  }

  /** Returns the last complaint, or null. */
  public UpstreamError complaint() {
    return complaint;
  }

  /** Returns whether the last complaint quotes the client's own words. */
  public boolean isQuoting() {
    return quoting;
  }

  /** Forgets the quirks of the last model, since another is called next. */
  void forgetComplaints() {
    changes = 0;
    found = List.of();
    proven = List.of();
  }

  /**
   * Starts an attempt at the next model of the chain.
   *
   * @return the attempt, or null if no fallback is left
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
