package io.caravan.translate.request;

import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.RequestReader;
import io.caravan.provider.Dialect;
import io.caravan.provider.ModelCard;
import io.caravan.provider.Provider;
import io.caravan.provider.learned.DroppedFields;
import io.caravan.translate.reasoning.ReasoningMemory;
import java.nio.charset.StandardCharsets;

/** Translates requests in tests. */
final class Translations {
  private Translations() {}

  static MessagesRequest read(String json) {
    return new RequestReader().read(json.getBytes(StandardCharsets.UTF_8));
  }

  static UpstreamRequest translate(String json) {
    return translate(json, new ModelCard(), ReasoningMemory.NONE);
  }

  static UpstreamRequest translate(String json, ModelCard card, ReasoningMemory memory) {
    return new RequestTranslator()
        .translate(
            read(json),
            Dialect.of(new Provider(), card),
            "m",
            DroppedFields.NONE,
            new TranslationOptions(0, false, memory));
  }
}
