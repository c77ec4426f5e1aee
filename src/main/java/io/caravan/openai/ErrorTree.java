package io.caravan.openai;

import io.caravan.json.JsonTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Gathers the parts of an error from anywhere in its body. The innermost part wins: the outer
 * layers are those of gateways, which know less.
 */
final class ErrorTree {
  private static final int MAX_DEPTH = 8;
  private static final int MAX_LIST = 20;

  /** The keys of a message, the best first. */
  private static final List<String> MESSAGES =
      List.of(
          "message",
          "detail",
          "details",
          "msg",
          "status_msg",
          "error_description",
          "error_message",
          "error_msg",
          "errors",
          "reason",
          "cause",
          "title");

  private int status;
  private String type;
  private String code;
  private String message;
  private String param;
  private final StringBuilder facts = new StringBuilder();
  private int depth;

  /** Returns the error that was gathered. */
  UpstreamError error(int httpStatus) {
    int known = httpStatus >= 400 || status == 0 ? httpStatus : status;
    String words = message == null ? "" : message;
    return new UpstreamError(
        known,
        ErrorText.name(type),
        ErrorText.name(code),
        ErrorText.message(words + facts),
        ErrorText.name(param));
  }

  /** Reads a body or a message: JSON, Python's repr, words with JSON in them, or just words. */
  void text(String text) {
    String stripped = text.strip();
    if (message != null || stripped.isEmpty()) {
      return;
    }
    if (stripped.startsWith("{") || stripped.startsWith("[")) {
      Object tree = ErrorBodies.tree(stripped);
      if (tree == null) {
        String json = PythonRepr.toJson(stripped);
        tree = json == null ? null : ErrorBodies.tree(json);
      }
      value(tree);
    } else {
      wrapped(stripped);
    }
    if (message == null) {
      message = stripped;
    }
  }

  /**
   * Reads JSON behind words that a gateway put before the body it received ("Error from provider:
   * {…}").
   */
  private void wrapped(String text) {
    int brace = text.indexOf("{\"");
    if (brace < 0) {
      return;
    }
    Object tree = ErrorBodies.tree(text.substring(brace));
    // Other JSON in a message is its subject, such as a tool call's arguments.
    if (tree instanceof Map<?, ?> map && map.containsKey("error")) {
      value(tree);
      if (message != null) {
        message = text.substring(0, brace).strip() + " " + message;
      }
    }
  }

  private void value(Object value) {
    if (depth >= MAX_DEPTH) {
      return;
    }
    depth++;
    if (value instanceof Map<?, ?> map) {
      object(map);
    } else if (value instanceof List<?> list) {
      list(list);
    } else if (value instanceof String text) {
      text(text);
    }
    depth--;
  }

  private void object(Map<?, ?> map) {
    Object error = map.get("error");
    if (error instanceof Map || error instanceof List) {
      value(error);
    }
    if (map.get("base_resp") instanceof Map<?, ?> miniMax) {
      value(miniMax);
    }
    provider(map);
    for (String key : MESSAGES) {
      if (message == null) {
        value(map.get(key));
      }
    }
    if (error instanceof String text) {
      text(text);
    }
    names(map);
    facts(map);
  }

  /**
   * Reads the provider's own error in OpenRouter's. If there is one, OpenRouter's words are empty
   * of content (open-webui/computer#293).
   */
  private void provider(Map<?, ?> map) {
    if (!(map.get("metadata") instanceof Map<?, ?> metadata)
        || !(metadata.get("raw") instanceof String raw)
        || raw.isBlank()
        || message != null) {
      return;
    }
    value(raw);
    if (map.get("message") instanceof String own && message != null) {
      message = own + ": " + message;
    }
    if (metadata.get("provider_name") instanceof String name) {
      facts.append(" (").append(name).append(')');
    }
  }

  private void names(Map<?, ?> map) {
    int number = number(map, "status", "code", "status_code", "raw_status_code", "statusCode");
    status = status == 0 ? number : status;
    type = type == null ? type(map) : type;
    code = code == null ? scalar(map, "code", "error_code", "status_code") : code;
    if (param == null) {
      Object named = map.get("param");
      param = named instanceof List<?> all && !all.isEmpty() ? string(all.get(0)) : string(named);
    }
  }

  /** Returns the type. That of a problem document is a URI, so its title is used. */
  private static String type(Map<?, ?> map) {
    String type = string(map.get("type"));
    boolean uri = type != null && type.indexOf(':') > 0 && map.get("title") != null;
    if (type != null && !uri && !type.equals("error")) {
      return type;
    }
    String status = map.get("status") instanceof String text ? text : null;
    return status == null ? string(map.get("title")) : status;
  }

  private void list(List<?> list) {
    if (list.size() > 0 && list.get(0) instanceof Map<?, ?> first && first.get("msg") != null) {
      violations(list, first);
      return;
    }
    List<String> words = new ArrayList<>();
    for (Object item : list.subList(0, Math.min(list.size(), MAX_LIST))) {
      message = null;
      value(item);
      if (message != null) {
        words.add(message);
      }
    }
    message = words.isEmpty() ? null : String.join("; ", words);
  }

  /** Reads pydantic's list into {@code path.of.field: words}, joined by {@code ; }. */
  private void violations(List<?> list, Map<?, ?> first) {
    List<String> words = new ArrayList<>();
    for (Object item : list.subList(0, Math.min(list.size(), MAX_LIST))) {
      if (item instanceof Map<?, ?> violation) {
        String path = path(violation.get("loc"));
        param = param == null && !path.isEmpty() ? path : param;
        words.add((path.isEmpty() ? "" : path + ": ") + violation.get("msg"));
      }
    }
    code = code == null ? string(first.get("type")) : code;
    message = String.join("; ", words);
  }

  private static String path(Object loc) {
    List<String> steps = new ArrayList<>();
    if (loc instanceof List<?> list) {
      for (Object step : list) {
        if (!steps.isEmpty() || !"body".equals(step)) {
          steps.add(String.valueOf(step));
        }
      }
    }
    return String.join(".", steps);
  }

  /** Adds numbers that belong to the message but stand beside it. */
  private void facts(Map<?, ?> map) {
    if (map.get("n_prompt_tokens") != null && map.get("n_ctx") != null) {
      // llama.cpp, ggml-org/llama.cpp#15780
      facts.append(" (n_prompt_tokens: ").append(map.get("n_prompt_tokens"));
      facts.append(", n_ctx: ").append(map.get("n_ctx")).append(')');
    }
    if (map.get("details") instanceof List<?> details) {
      for (Object detail : details) {
        // Google's RetryInfo
        if (detail instanceof Map<?, ?> retry && retry.get("retryDelay") instanceof String delay) {
          facts.append(" (retry in ").append(delay).append(')');
        }
      }
    }
  }

  private static int number(Map<?, ?> map, String... keys) {
    for (String key : keys) {
      String text = scalar(map, key);
      if (text != null && text.matches("[45][0-9][0-9]")) {
        return Integer.parseInt(text);
      }
    }
    return 0;
  }

  private static String scalar(Map<?, ?> map, String... keys) {
    for (String key : keys) {
      String text = string(map.get(key));
      if (text != null) {
        return text;
      }
    }
    return null;
  }

  private static String string(Object value) {
    boolean scalar = value instanceof String || value instanceof JsonTree.Digits;
    return scalar && !value.toString().isBlank() ? value.toString() : null;
  }
}
