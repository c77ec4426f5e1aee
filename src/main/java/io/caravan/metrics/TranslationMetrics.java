package io.caravan.metrics;

import io.caravan.observe.RequestRecord;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Map;

/** Counts the losses of translations, and the tool calls recovered from text. */
final class TranslationMetrics {
  private static final Map<String, String> HELP =
      Map.of(
          "caravan_losses",
          "Parts of requests and completions that were left out or changed",
          "caravan_recovered_tool_calls",
          "Tool calls that a model wrote as text",
          "caravan_markup_given_up",
          "Texts that looked like a tool call and were none",
          "caravan_prefix_bytes",
          "Bytes of the earlier prompts that later ones are compared with",
          "caravan_prefix_matched_bytes",
          "Bytes of prompts that the upstream had seen before");

  private TranslationMetrics() {}

  static void count(MeterRegistry registry, RequestRecord request) {
    RequestRecord.Translation translation = request.translation();
    Tags tags = Tags.of("provider", request.model().provider(), "model", request.model().label());
    for (RequestRecord.Loss loss : translation.losses()) {
      Tags which = tags.and("where", loss.where(), "what", loss.what());
      add(registry, "caravan_losses", which, loss.times());
    }
    translation
        .recovered()
        .forEach(
            (family, calls) ->
                add(registry, "caravan_recovered_tool_calls", tags.and("family", family), calls));
    add(registry, "caravan_markup_given_up", tags, translation.givenUp());
    if (translation.prefixPrevious() > 0) {
      // Their ratio is the part of a prompt that the upstream's own cache can have.
      add(registry, "caravan_prefix_bytes", tags, translation.prefixPrevious());
      add(registry, "caravan_prefix_matched_bytes", tags, translation.prefixMatched());
    }
  }

  private static void add(MeterRegistry registry, String name, Tags tags, long amount) {
    if (amount > 0) {
      Counter.builder(name)
          .description(HELP.get(name))
          .tags(tags)
          .register(registry)
          .increment((double) amount);
    }
  }
}
