package io.caravan.stage;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What has been tried for one request: kept over all its attempts. */
final class Attempts {
  private final long startedAt = System.nanoTime();
  private final List<String> tried = new ArrayList<>();
  private int ofThisModel = 1;
  private boolean learned;

  /** Since the first attempt, in nanoseconds. */
  long elapsed() {
    return System.nanoTime() - startedAt;
  }

  /** How often the present model has been called. */
  int ofThisModel() {
    return ofThisModel;
  }

  void repeated() {
    ofThisModel++;
  }

  /** Notes a failed attempt; told to the client in a header. */
  void failed(ModelChoice choice, String why, Map<String, String> headers) {
    tried.add(choice.fullName() + " " + why);
    headers.put("caravan-tried", String.join(", ", tried));
  }

  void nextModel() {
    ofThisModel = 1;
    learned = false;
  }

  /** Whether a request changed by what was learned of the upstream may still be tried: once a model. */
  boolean mayLearn() {
    boolean first = !learned;
    learned = true;
    return first;
  }
}
