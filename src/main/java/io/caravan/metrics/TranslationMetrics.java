package io.caravan.metrics;

import io.caravan.observe.RequestRecord;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts the losses of translations, and the tool calls recovered from text. */
final class TranslationMetrics {
  private final Counters losses =
      new Counters(
          "caravan_losses",
          "Parts of requests and completions that were left out or changed",
          "provider",
          "model",
          "where",
          "what");
  private final Counters recovered =
      new Counters(
          "caravan_recovered_tool_calls",
          "Tool calls that a model wrote as text",
          "provider",
          "model",
          "family");
  private final Counters givenUp =
      new Counters(
          "caravan_markup_given_up",
          "Texts that looked like a tool call and were none",
          "provider",
          "model");
  private final Counters prefixes =
      new Counters(
          "caravan_prefix_bytes",
          "Bytes of the earlier prompts that later ones are compared with",
          "provider",
          "model");
  private final Counters matched =
      new Counters(
          "caravan_prefix_matched_bytes",
          "Bytes of prompts that the upstream had seen before",
          "provider",
          "model");

  void count(MeterRegistry registry, RequestRecord request) {
    RequestRecord.Translation translation = request.translation();
    String provider = request.model().provider();
    String model = request.model().label();
    for (RequestRecord.Loss loss : translation.losses()) {
      losses.addAny(registry, loss.times(), provider, model, loss.where(), loss.what());
    }
    translation
        .recovered()
        .forEach((family, calls) -> recovered.addAny(registry, calls, provider, model, family));
    givenUp.addAny(registry, translation.givenUp(), provider, model);
    if (translation.prefixPrevious() > 0) {
      // Their ratio is the part of a prompt that the upstream's own cache can have.
      prefixes.addAny(registry, translation.prefixPrevious(), provider, model);
      matched.addAny(registry, translation.prefixMatched(), provider, model);
    }
  }
}
