package io.caravan.translate.response;

import java.util.EnumSet;
import java.util.Set;

/**
 * The losses of one completion. Each kind counts once, however many deltas it came in: otherwise
 * the metric would count how an upstream cuts its stream.
 */
final class AnswerLosses {
  private Set<AnswerLoss> kinds = Set.of();

  void add(AnswerLoss loss) {
    if (kinds.isEmpty()) {
      kinds = EnumSet.of(loss);
    } else {
      kinds.add(loss);
    }
  }

  Set<AnswerLoss> kinds() {
    return kinds.isEmpty() ? Set.of() : Set.copyOf(kinds);
  }
}
