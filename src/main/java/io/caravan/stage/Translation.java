package io.caravan.stage;

import io.caravan.translate.AnswerLoss;
import io.caravan.translate.Loss;
import io.caravan.translate.PrefixMatch;
import java.util.Map;
import java.util.Set;

/**
 * What the translation of one request and its answer had to leave out or change, for metrics and
 * log. Names are of a fixed vocabulary, so that they can be label values.
 *
 * @param request what the request lost
 * @param answer what the answer lost
 * @param recovered tool calls found in text, by the way they were written
 * @param givenUp markup that turned out to be none, and went out as text
 * @param prefix how much of the prompt the upstream had seen before, or null
 */
record Translation(
    Map<Loss, Integer> request,
    Set<AnswerLoss> answer,
    Map<String, Integer> recovered,
    int givenUp,
    PrefixMatch prefix) {
  static final Translation NONE = new Translation(Map.of(), Set.of(), Map.of(), 0, null);

  Translation ofRequest(Map<Loss, Integer> losses, PrefixMatch match) {
    return new Translation(losses, answer, recovered, givenUp, match);
  }

  Translation ofAnswer(Set<AnswerLoss> losses, Map<String, Integer> calls, int none) {
    return new Translation(request, losses, calls, none, prefix);
  }
}
