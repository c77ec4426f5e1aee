package io.caravan.provider;

import io.caravan.json.JsonTree;
import io.caravan.json.RawJson;
import java.time.Instant;
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

  /** The fields for the time at which a model is no longer served: OpenRouter, Mistral. */
  private static final List<String> RETIRES =
      List.of("retires_at", "expiration_date", "deprecation");

  /**
   * A model of the list.
   *
   * @param contextWindow the context window, or null if the list doesn't name it
   * @param maxOutput the largest completion, or null if the list doesn't name it
   * @param vision whether the model sees images, or null if the list doesn't say
   * @param displayName the name for people, or null if the list doesn't name it
   */
  public record Entry(
      String id,
      Integer contextWindow,
      Integer maxOutput,
      Boolean vision,
      String displayName,
      Lifecycle lifecycle) {
    /** Makes an entry of which nothing but sizes is known. */
    public Entry(String id, Integer contextWindow, Integer maxOutput) {
      this(id, contextWindow, maxOutput, null, null, Lifecycle.ACTIVE);
    }

    /** Returns the entry with what the upstream says of the model itself. */
    public Entry with(ModelDetails details) {
      Integer window = details.contextWindow() == null ? contextWindow : details.contextWindow();
      Boolean sees = details.vision() == null ? vision : details.vision();
      return new Entry(id, window, maxOutput, sees, displayName, lifecycle);
    }
  }

  /**
   * A page of a list. Most servers have one page.
   *
   * @param after the model after which the next page begins, or null if this is the last
   */
  public record Page(List<Entry> entries, String after) {}

  /**
   * Reads a page of a list. Entries that aren't models are left out.
   *
   * @throws IllegalArgumentException if the body isn't a list of models
   */
  public static Page page(byte[] body) {
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
    return new Page(entries, tree instanceof Map<?, ?> page ? after(page) : null);
  }

  /** Returns what Anthropic's own list, and OpenAI's lists of other things, say of a next page. */
  private static String after(Map<?, ?> page) {
    return Boolean.TRUE.equals(page.get("has_more")) && page.get("last_id") instanceof String last
        ? last
        : null;
  }

  private static Entry entry(Object model) {
    if (!(model instanceof Map<?, ?> card)
        || !(card.get("id") instanceof String id)
        || id.isBlank()
        || id.length() > LONGEST_ID
        || Boolean.FALSE.equals(card.get("active"))) {
      // Groq lists models that are no longer served, too.
      return null;
    }
    // OpenRouter: the limits of the server in use come before those of the model.
    Map<?, ?> server = card.get("top_provider") instanceof Map<?, ?> top ? top : Map.of();
    return new Entry(
        id,
        anywhere(WINDOW, server, card),
        anywhere(OUTPUT, server, card),
        vision(card),
        name(card),
        lifecycle(card));
  }

  /** Returns whether a model sees images: OpenRouter's, Mistral's and Anthropic's words. */
  private static Boolean vision(Map<?, ?> card) {
    if (card.get("architecture") instanceof Map<?, ?> architecture
        && architecture.get("input_modalities") instanceof List<?> modalities) {
      return modalities.contains("image");
    }
    if (!(card.get("capabilities") instanceof Map<?, ?> capabilities)) {
      return null;
    }
    if (capabilities.get("image_input") instanceof Map<?, ?> images) {
      return images.get("supported") instanceof Boolean supported ? supported : null;
    }
    return capabilities.get("vision") instanceof Boolean sees ? sees : null;
  }

  private static String name(Map<?, ?> card) {
    for (String field : List.of("display_name", "name")) {
      if (card.get(field) instanceof String name
          && !name.isBlank()
          && name.length() <= LONGEST_ID
          && !name.equals(card.get("id"))) {
        return name.strip();
      }
    }
    return null;
  }

  private static Lifecycle lifecycle(Map<?, ?> card) {
    Instant retires = null;
    for (String field : RETIRES) {
      if (retires == null && card.get(field) instanceof String date) {
        retires = Lifecycle.dateIn(date);
      }
    }
    Instant deprecated =
        card.get("deprecated_at") instanceof String date ? Lifecycle.dateIn(date) : null;
    boolean ended = "retired".equals(card.get("lifecycle"));
    return retires == null && deprecated == null && !ended
        ? Lifecycle.ACTIVE
        : new Lifecycle(deprecated, retires, ended);
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
      Integer size = size(card.get(name));
      if (size != null) {
        return size;
      }
    }
    return null;
  }

  /** Returns a size in tokens; null if the value is none. */
  static Integer size(Object value) {
    return value instanceof JsonTree.Digits digits && digits.text().matches("[1-9]\\d{0,8}")
        ? Integer.valueOf(digits.text())
        : null;
  }
}
