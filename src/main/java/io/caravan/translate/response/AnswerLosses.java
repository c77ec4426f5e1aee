package io.caravan.translate.response;

import java.util.EnumSet;
import java.util.Set;

/**
 * What one answer loses. Each kind once, however many deltas it came in: how an upstream cuts its
 * stream would otherwise be what the metric counts.
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
