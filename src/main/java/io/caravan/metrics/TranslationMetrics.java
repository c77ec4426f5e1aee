package io.caravan.metrics;

import io.caravan.exchange.RequestSummary;
import io.caravan.exchange.TranslationReport;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

/** Counts the losses of translations, and the tool calls recovered from text. */
final class TranslationMetrics {
  private TranslationMetrics() {}

  static void count(MeterRegistry registry, RequestSummary summary) {
    TranslationReport translation = summary.translation();
    Tags tags = Tags.of("provider", summary.provider(), "model", summary.model());
    translation
        .request()
        .forEach((loss, times) -> lost(registry, tags, "request", loss.label(), times));
    translation.answer().forEach(loss -> lost(registry, tags, "answer", loss.label(), 1));
    translation
        .recovered()
        .forEach(
            (family, calls) ->
                add(registry, "caravan_recovered_tool_calls", tags.and("family", family), calls));
    add(registry, "caravan_markup_given_up", tags, translation.givenUp());
    if (translation.prefix() != null && translation.prefix().previous() > 0) {
      // Their ratio is the part of a prompt that the upstream's own cache can have.
      add(registry, "caravan_prefix_bytes", tags, translation.prefix().previous());
      add(registry, "caravan_prefix_matched_bytes", tags, translation.prefix().matched());
    }
  }

  private static void lost(
      MeterRegistry registry, Tags tags, String where, String what, int times) {
    add(registry, "caravan_losses", tags.and("where", where, "what", what), times);
  }

  private static void add(MeterRegistry registry, String name, Tags tags, long amount) {
    if (amount > 0) {
      registry.counter(name, tags).increment((double) amount);
    }
  }
}
