package io.caravan.exchange;

import io.caravan.anthropic.Usage;
import io.caravan.provider.ModelCard;

/**
 * The summary of a request for metrics and the log. The stages fill it as the facts become known;
 * it may be read on another thread.
 */
public final class RequestSummary {
  /** The outcome if the client left before the response was complete, which is no error. */
  public static final String CLIENT_GONE = "client_gone";

  private final long startedAt = System.nanoTime();
  private volatile long firstContentAt;
  private volatile String provider = "none";
  private volatile String model = "none";
  private volatile String label = "none";
  private volatile ModelCard card;
  private volatile String outcome = "unfinished";
  private volatile String reason;
  private volatile Usage usage;
  private volatile boolean inputEstimated;
  private volatile boolean outputEstimated;
  private volatile TranslationReport translation = TranslationReport.NONE;
  private volatile TranslationReport earlier = TranslationReport.NONE;

  RequestSummary() {}

  /** Returns when the request was accepted, as a {@link System#nanoTime()}. */
  public long startedAt() {
    return startedAt;
  }

  /** Records the time of the first content; later calls do nothing. */
  public void firstContent() {
    if (firstContentAt == 0) {
      firstContentAt = System.nanoTime();
    }
  }

  /** Returns the nanoseconds from acceptance to the first content; 0 if there was none. */
  public long timeToFirstContent() {
    return firstContentAt == 0 ? 0 : firstContentAt - startedAt;
  }

  /** Records the model that is called. */
  public void chosen(ModelChoice choice) {
    provider = choice.provider().getName();
    model = choice.model();
    label = choice.label();
    card = choice.card();
  }

  /** Records that the request was answered without a model, and its kind. */
  public void answeredLocally(String kind) {
    provider = "caravan";
    model = kind;
    label = kind;
    card = null;
  }

  /** Returns the provider; {@code caravan} for a local response, {@code none} before a choice. */
  public String provider() {
    return provider;
  }

  /**
   * Returns the provider's name for the model; the kind of the request for a local response, {@code
   * none} before a choice.
   */
  public String model() {
    return model;
  }

  /** Returns the same as {@link #model}, but {@code other} for a model that is not configured. */
  public String label() {
    return label;
  }

  /** Returns the card of the model, which has its prices; null if there is none. */
  ModelCard card() {
    return card;
  }

  /** Records the outcome: {@code ok}, an error type, or {@link #CLIENT_GONE}. */
  public void ended(String result) {
    outcome = result;
  }

  /** Returns the outcome; {@code unfinished} before the end. */
  public String outcome() {
    return outcome;
  }

  /**
   * Records why the request ended as it did: which limit, or which kind of failure. The word is one
   * of a fixed vocabulary and quotes nobody.
   */
  public void because(String word) {
    reason = word;
  }

  /** Returns why the request ended as it did, or null. */
  public String reason() {
    return reason;
  }

  /** Records the tokens used; null for none. */
  public void cost(Usage used) {
    usage = used;
  }

  /** Returns the tokens used, or null if there was no completion. */
  public Usage usage() {
    return usage;
  }

  /** Records which tokens the upstream did not report, so that they are estimates. */
  public void estimated(boolean input, boolean output) {
    inputEstimated = input;
    outputEstimated = output;
  }

  /** Returns whether the input tokens are an estimate. */
  public boolean inputEstimated() {
    return inputEstimated;
  }

  /** Returns whether the output tokens are an estimate. */
  public boolean outputEstimated() {
    return outputEstimated;
  }

  /** Records the report of the translation. */
  public void translated(TranslationReport report) {
    translation = report;
  }

  /**
   * Returns the report of the last completion's translation; {@link TranslationReport#NONE} before
   * there is one.
   */
  public TranslationReport translation() {
    return translation;
  }

  /** Keeps the report of a completion that another one of the same message follows. */
  public void completionEnded() {
    earlier = earlier.plus(translation);
    translation = TranslationReport.NONE;
  }

  /** Returns the report of all completions of the message. */
  TranslationReport translations() {
    return earlier.plus(translation);
  }
}
