package io.caravan.translate.request;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Counts each {@link Loss} of one request. */
public final class Losses {
  private final Map<Loss, Integer> counts = new EnumMap<>(Loss.class);

  void add(Loss loss) {
    counts.merge(loss, 1, Integer::sum);
  }

  /** Returns whether nothing was lost or changed. */
  public boolean isEmpty() {
    return counts.isEmpty();
  }

  public Map<Loss, Integer> counts() {
    return Collections.unmodifiableMap(counts);
  }

  /**
   * Refuses the request if strict mode is on and the model would learn less than the client sent.
   *
   * @throws LossRefused that names the losses
   */
  void refuse(String model, TranslationOptions options) {
    if (!options.strict() || counts.isEmpty()) {
      return;
    }
    String refused =
        counts.entrySet().stream()
            .filter(entry -> entry.getKey().refusedWhenStrict())
            .map(Losses::item)
            .collect(Collectors.joining(", "));
    if (!refused.isEmpty()) {
      throw new LossRefused(
          "caravan.strict is on, and " + model + " would not get all of this request: " + refused,
          unseen().replace(" ", ""));
    }
  }

  /**
   * Returns the losses by which the model learns less than the client sent, without their numbers:
   * {@code image, top_k}; empty if there are none.
   */
  public String unseen() {
    return counts.keySet().stream()
        .filter(Loss::refusedWhenStrict)
        .map(Loss::label)
        .collect(Collectors.joining(", "));
  }

  /**
   * Returns the value of a header: {@code image=2, top_k=1}, always in the order of the vocabulary.
   */
  @Override
  public String toString() {
    return counts.entrySet().stream().map(Losses::item).collect(Collectors.joining(", "));
  }

  private static String item(Map.Entry<Loss, Integer> entry) {
    return entry.getKey().label() + "=" + entry.getValue();
  }
}
