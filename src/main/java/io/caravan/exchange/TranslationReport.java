package io.caravan.exchange;

import io.caravan.translate.request.Loss;
import io.caravan.translate.request.PrefixMatch;
import io.caravan.translate.response.AnswerLoss;
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
public record TranslationReport(
    Map<Loss, Integer> request,
    Set<AnswerLoss> answer,
    Map<String, Integer> recovered,
    int givenUp,
    PrefixMatch prefix) {
  public static final TranslationReport NONE =
      new TranslationReport(Map.of(), Set.of(), Map.of(), 0, null);

  public TranslationReport ofRequest(Map<Loss, Integer> losses, PrefixMatch match) {
    return new TranslationReport(losses, answer, recovered, givenUp, match);
  }

  TranslationReport ofAnswer(Set<AnswerLoss> losses, Map<String, Integer> calls, int none) {
    return new TranslationReport(request, losses, calls, none, prefix);
  }
}
