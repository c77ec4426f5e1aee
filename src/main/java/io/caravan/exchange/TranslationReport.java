package io.caravan.exchange;

import io.caravan.translate.request.Loss;
import io.caravan.translate.request.PrefixMatch;
import io.caravan.translate.response.AnswerLoss;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BinaryOperator;

/**
 * The losses of one translation and the tool calls in it, for metrics and the log. Names come from
 * a fixed vocabulary, so that they can be label values; those of tools do not.
 *
 * @param request the losses of the request, with the number of each
 * @param answer the losses of the completion
 * @param recovered the number of tool calls recovered from text, by the family of their markup
 * @param givenUp the number of times that text looked like a tool call and was none
 * @param called the number of calls that the client got, by the names of their tools
 * @param prefix the part of the prompt that the upstream had seen before, or null if not tracked
 */
public record TranslationReport(
    Map<Loss, Integer> request,
    Set<AnswerLoss> answer,
    Map<String, Integer> recovered,
    int givenUp,
    Map<String, Integer> called,
    PrefixMatch prefix) {
  /** The report of a request without losses. */
  public static final TranslationReport NONE =
      new TranslationReport(Map.of(), Set.of(), Map.of(), 0, Map.of(), null);

  /** Returns this report with the losses of the request, and its prefix. */
  public TranslationReport ofRequest(Map<Loss, Integer> losses, PrefixMatch match) {
    return new TranslationReport(losses, answer, recovered, givenUp, called, match);
  }

  /** Returns this report with the losses and the recovered tool calls of the completion. */
  TranslationReport ofAnswer(
      Set<AnswerLoss> losses, Map<String, Integer> calls, int rejected, Iterable<String> tools) {
    return new TranslationReport(request, losses, calls, rejected, counted(tools), prefix);
  }

  /**
   * Returns this report with that of a later completion of the same message. The losses of the
   * request are those of one of them, since each call translates the whole request.
   */
  TranslationReport plus(TranslationReport later) {
    if (equals(NONE)) {
      return later;
    }
    Set<AnswerLoss> losses = new TreeSet<>(answer);
    losses.addAll(later.answer);
    return new TranslationReport(
        merged(request, later.request, Math::max),
        losses,
        merged(recovered, later.recovered, Integer::sum),
        givenUp + later.givenUp,
        merged(called, later.called, Integer::sum),
        later.prefix == null ? prefix : later.prefix);
  }

  private static <K> Map<K, Integer> merged(
      Map<K, Integer> one, Map<K, Integer> other, BinaryOperator<Integer> same) {
    Map<K, Integer> all = new LinkedHashMap<>(one);
    other.forEach((key, number) -> all.merge(key, number, same));
    return all;
  }

  private static Map<String, Integer> counted(Iterable<String> tools) {
    Map<String, Integer> numbers = new TreeMap<>();
    tools.forEach(tool -> numbers.merge(tool, 1, Integer::sum));
    return numbers;
  }
}
