package io.caravan.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.RequestReader;
import io.caravan.corpus.CorpusCase;
import io.caravan.provider.Dialect;
import io.caravan.provider.ModelCard;
import io.caravan.provider.Provider;
import io.caravan.provider.learned.DroppedFields;
import io.caravan.translate.request.RequestTranslator;
import io.caravan.translate.request.TranslationOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Puts malformed requests through the parser and the writer of the upstream's request: the outcome
 * is an error for the client, or JSON for the upstream.
 */
final class RequestTarget implements Target {
  private static final ObjectMapper JSON =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /** The size of the largest request that the server accepts. */
  private static final int LARGEST = 32 << 20;

  private final List<CorpusCase> cases = CorpusCase.group("request");

  @Override
  public boolean onlyComputes() {
    return true;
  }

  @Override
  public List<String> tryOnce(Random random) {
    CorpusCase sound = cases.get(random.nextInt(cases.size()));
    byte[] body = new Mutator(random).json(sound.requestJson().getBytes(StandardCharsets.UTF_8));
    List<String> faults = new ArrayList<>();
    if (body.length > LARGEST) {
      return faults;
    }
    try {
      MessagesRequest request = new RequestReader().read(body);
      translate(request, JSON.convertValue(sound.quirks(), ModelCard.class), faults);
    } catch (AnthropicException e) {
      if (e.status() < 400 || e.status() >= 500 || e.getMessage().isBlank()) {
        faults.add("told as " + e.status() + ": " + e.getMessage());
      }
    }
    return faults;
  }

  private static void translate(MessagesRequest request, ModelCard card, List<String> faults) {
    Dialect dialect = Dialect.of(new Provider(), card);
    String body =
        new RequestTranslator()
            .translate(request, dialect, "up", DroppedFields.NONE, TranslationOptions.DEFAULT)
            .body()
            .toString();
    checkJson(body, faults);
  }

  private static void checkJson(String body, List<String> faults) {
    try {
      if (!JSON.readTree(body).isObject()) {
        faults.add("no object goes upstream: " + body);
      }
    } catch (JsonProcessingException e) {
      faults.add("no JSON goes upstream: " + e.getMessage());
    }
  }
}
