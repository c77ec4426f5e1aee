package io.caravan.provider;

import io.caravan.json.JsonTree;
import io.caravan.json.RawJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads an upstream's own list of its models, the response to {@code GET /v1/models}, with the
 * sizes of the models in any of the servers' dialects.
 */
public final class ModelList {
  private static final int MOST_MODELS = 2000;
  private static final int LONGEST_ID = 200;

  /** The servers' names for the tokens of prompt and completion together. */
  private static final List<String> WINDOW =
      List.of(
          // vLLM, SGLang, NIM's own containers
          "max_model_len",
          // llama.cpp, the window of a slot; n_ctx_train is the model's, not the server's
          "n_ctx",
          // LM Studio, of the loaded model
          "loaded_context_length",
          // TabbyAPI
          "max_seq_len",
          // OpenRouter, Together
          "context_length",
          // Groq
          "context_window",
          // Mistral, LM Studio
          "max_context_length",
          // Anthropic
          "max_input_tokens");

  /** The servers' names for the largest completion: Groq, OpenRouter, Anthropic. */
  private static final List<String> OUTPUT = List.of("max_completion_tokens", "max_tokens");

  /** The servers' names for the part of a model that holds its sizes: llama.cpp, TabbyAPI. */
  private static final List<String> PARTS = List.of("meta", "parameters", "limits");

  private ModelList() {}

  /**
   * A model of the list.
   *
   * @param contextWindow the context window, or null if the list doesn't name it
   * @param maxOutput the largest completion, or null if the list doesn't name it
   */
  public record Entry(String id, Integer contextWindow, Integer maxOutput) {}

  /**
   * Reads a list. Entries that aren't models are left out.
   *
   * @throws IllegalArgumentException if the body isn't a list of models
   */
  public static List<Entry> parse(byte[] body) {
    Object tree = JsonTree.read(new RawJson(body, 0, body.length));
    Object data = tree instanceof Map<?, ?> object ? object.get("data") : tree;
    if (!(data instanceof List<?> models)) {
      throw new IllegalArgumentException("not a list of models");
    }
    List<Entry> entries = new ArrayList<>();
    for (Object model : models) {
      Entry entry = entry(model);
      if (entry != null && entries.size() < MOST_MODELS) {
        entries.add(entry);
      }
    }
    return entries;
  }

  private static Entry entry(Object model) {
    if (!(model instanceof Map<?, ?> card)
        || !(card.get("id") instanceof String id)
        || id.isBlank()
        || id.length() > LONGEST_ID) {
      return null;
    }
    // OpenRouter: the limits of the server in use come before those of the model.
    Map<?, ?> server = card.get("top_provider") instanceof Map<?, ?> top ? top : Map.of();
    return new Entry(id, anywhere(WINDOW, server, card), anywhere(OUTPUT, server, card));
  }

  private static Integer anywhere(List<String> names, Map<?, ?> server, Map<?, ?> card) {
    Integer found = first(names, server);
    if (found == null) {
      found = first(names, card);
    }
    for (String part : PARTS) {
      if (found == null && card.get(part) instanceof Map<?, ?> map) {
        found = first(names, map);
      }
    }
    return found;
  }

  private static Integer first(List<String> names, Map<?, ?> card) {
    for (String name : names) {
      if (card.get(name) instanceof JsonTree.Digits digits
          && digits.text().matches("[1-9]\\d{0,8}")) {
        return Integer.valueOf(digits.text());
      }
    }
    return null;
  }
}
