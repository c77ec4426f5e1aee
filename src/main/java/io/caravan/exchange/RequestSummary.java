package io.caravan.exchange;

import io.caravan.anthropic.Usage;

/** What is to be told of a request once it is over: filled by the stages as they learn it. */
public final class RequestSummary {
  /** The outcome where the client left before the answer was complete: no error of anyone. */
  public static final String CLIENT_GONE = "client_gone";

  private final long startedAt = System.nanoTime();
  private volatile long firstContentAt;
  private volatile String provider = "none";
  private volatile String model = "none";
  private volatile String outcome = "unfinished";
  private volatile Usage usage;
  private volatile boolean inputEstimated;
  private volatile boolean outputEstimated;
  private volatile TranslationReport translation = TranslationReport.NONE;

  /** When the request was accepted, {@link System#nanoTime()}. */
  public long startedAt() {
    return startedAt;
  }

  /** Notes that the first content of the answer is there. */
  public void firstContent() {
    if (firstContentAt == 0) {
      firstContentAt = System.nanoTime();
    }
  }

  /** Nanoseconds from acceptance to the first content, 0 where there was none. */
  public long timeToFirstContent() {
    return firstContentAt == 0 ? 0 : firstContentAt - startedAt;
  }

  /** Notes who answers. */
  public void chosen(ModelChoice choice) {
    provider = choice.provider().getName();
    model = choice.label();
  }

  /** Notes that no model was asked, and for what kind of request. */
  public void answeredLocally(String kind) {
    provider = "caravan";
    model = kind;
  }

  public String provider() {
    return provider;
  }

  public String model() {
    return model;
  }

  /** Notes how it ended: {@code ok}, an error type, {@code client_gone}. */
  public void ended(String how) {
    outcome = how;
  }

  public String outcome() {
    return outcome;
  }

  /** Notes what it cost. */
  public void cost(Usage used) {
    usage = used;
  }

  /** Null where nothing was answered. */
  public Usage usage() {
    return usage;
  }

  /** Notes which of its tokens the upstream didn't tell, so that an estimate stands for them. */
  public void estimated(boolean input, boolean output) {
    inputEstimated = input;
    outputEstimated = output;
  }

  public boolean inputEstimated() {
    return inputEstimated;
  }

  public boolean outputEstimated() {
    return outputEstimated;
  }

  /** Notes what translating it lost. */
  public void translated(TranslationReport so) {
    translation = so;
  }

  public TranslationReport translation() {
    return translation;
  }
}
