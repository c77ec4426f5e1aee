package io.caravan.translate;

import java.util.EnumMap;
import java.util.Map;

/** Counts what one answer loses. */
final class AnswerLosses {
  private Map<AnswerLoss, Integer> counts = Map.of();

  void add(AnswerLoss loss) {
    if (counts.isEmpty()) {
      counts = new EnumMap<>(AnswerLoss.class);
    }
    counts.merge(loss, 1, Integer::sum);
  }

  Map<AnswerLoss, Integer> counts() {
    return counts.isEmpty() ? Map.of() : Map.copyOf(counts);
  }
}
