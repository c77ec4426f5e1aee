package io.caravan.provider;

import io.caravan.json.JsonTree;
import io.caravan.json.JsonWriter;
import io.caravan.json.RawJson;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Ollama's details of one model, which its list of models lacks: {@code POST /api/show}, and {@code
 * GET /api/ps} of the models that are loaded (ollama/ollama, {@code docs/api.md}).
 *
 * @param contextWindow tokens, or null if unknown
 * @param vision null if unknown
 */
public record ModelDetails(Integer contextWindow, Boolean vision) {
  /** Nothing is known. */
  public static final ModelDetails UNKNOWN = new ModelDetails(null, null);

  private static final Pattern SET_WINDOW = Pattern.compile("(?m)^num_ctx\\s+([1-9]\\d{0,8})\\s*$");

  /** Returns the body of a question for a model. */
  public static RawJson question(String model) {
    return new JsonWriter(80).beginObject().field("model", model).endObject().finish();
  }

  /**
   * Reads the answer about a model. Its window is the one that its file sets; else the largest that
   * it was made for, of which the server may give it less.
   *
   * @throws IllegalArgumentException if the body isn't JSON
   */
  public static ModelDetails ofModel(byte[] body) {
    if (!(JsonTree.read(new RawJson(body, 0, body.length)) instanceof Map<?, ?> model)) {
      return UNKNOWN;
    }
    Boolean vision =
        model.get("capabilities") instanceof List<?> capabilities
            ? (Boolean) capabilities.contains("vision")
            : null;
    Integer window = set(model.get("parameters"));
    return new ModelDetails(window == null ? largest(model.get("model_info")) : window, vision);
  }

  private static Integer set(Object parameters) {
    Matcher set = SET_WINDOW.matcher(parameters instanceof String text ? text : "");
    return set.find() ? Integer.valueOf(set.group(1)) : null;
  }

  private static Integer largest(Object info) {
    if (info instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> each : map.entrySet()) {
        if (String.valueOf(each.getKey()).endsWith(".context_length")) {
          return ModelList.size(each.getValue());
        }
      }
    }
    return null;
  }

  /**
   * Reads the windows of the loaded models by their names.
   *
   * @throws IllegalArgumentException if the body isn't JSON
   */
  public static Map<String, Integer> loaded(byte[] body) {
    Map<String, Integer> windows = new HashMap<>();
    Object tree = JsonTree.read(new RawJson(body, 0, body.length));
    if (tree instanceof Map<?, ?> map && map.get("models") instanceof List<?> models) {
      for (Object each : models) {
        if (each instanceof Map<?, ?> model
            && model.get("model") instanceof String name
            && ModelList.size(model.get("context_length")) != null) {
          windows.put(name, ModelList.size(model.get("context_length")));
        }
      }
    }
    return windows;
  }
}
