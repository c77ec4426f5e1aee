package io.caravan.stage;

import io.caravan.openai.Quirk;
import io.caravan.openai.UpstreamError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What has been tried for one request: kept over all its attempts. */
final class Attempts {
  /** Servers that name one field at a time name a few. */
  private static final int MAX_CHANGES = 3;

  private final long startedAt = System.nanoTime();
  private final List<String> tried = new ArrayList<>();
  private int ofThisModel = 1;
  private int changes;
  private List<Quirk> found = List.of();
  private UpstreamError complaint;

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
    changes = 0;
    found = List.of();
  }

  /**
   * Notes what the upstream complained of; the next call goes without it.
   *
   * @return whether that changes anything: not what has been left out already, and not for ever
   */
  boolean found(List<Quirk> quirks, UpstreamError error) {
    if (changes == MAX_CHANGES || found.containsAll(quirks)) {
      return false;
    }
    changes++;
    List<Quirk> all = new ArrayList<>(found);
    all.addAll(quirks);
    found = List.copyOf(all);
    complaint = error;
    return true;
  }

  /** What the present model's server has complained of. */
  List<Quirk> found() {
    return found;
  }

  /** The last complaint, or null. */
  UpstreamError complaint() {
    return complaint;
  }
}
