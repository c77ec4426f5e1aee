package io.caravan.translate.request;

import io.caravan.anthropic.Block;
import io.caravan.anthropic.OfferedTools;
import io.caravan.json.JsonTree;
import io.caravan.json.JsonWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the calls and results of tools that another server ran as text, for the model that
 * continues from them. Kinds of results that are not known yet keep their content as JSON.
 */
final class ServerToolWords {
  /** The end of the names of all results, also of future ones. */
  private static final String RESULT = "_tool_result";

  /** The beginning of the names of fields that only the server that wrote them can read. */
  private static final String ENCRYPTED = "encrypted_";

  private ServerToolWords() {}

  /**
   * Returns a block as text. It is empty if there is nothing that a model should read, and null for
   * a block without a form in text.
   */
  static String of(Block.Other block) {
    Object tree;
    try {
      tree = JsonTree.read(block.json());
    } catch (IllegalArgumentException e) {
      return null;
    }
    Map<?, ?> json = (Map<?, ?>) tree;
    return switch (block.type()) {
      case "server_tool_use" -> call(text(json.get("name")), json.get("input"));
      case "mcp_tool_use" ->
          call(text(json.get("server_name")) + "/" + text(json.get("name")), json.get("input"));
      case "tool_search_tool_result" -> found(block, json.get("content"));
      case "compaction" -> summary(json.get("content"));
      // It marks the place at which another model went on, and has no part in the prompt.
      case "fallback" -> "";
      default -> block.type().endsWith(RESULT) ? result(json) : null;
    };
  }

  private static String call(String name, Object input) {
    String what = null;
    if (input instanceof Map<?, ?> map && !map.isEmpty()) {
      what = map.size() == 1 && first(map) instanceof String s ? s : json(input);
    }
    return "[" + name + (what == null ? "" : ": " + what) + "]";
  }

  private static Object first(Map<?, ?> map) {
    return map.values().iterator().next();
  }

  private static String found(Block.Other block, Object content) {
    String failure = failure(content);
    List<String> names = OfferedTools.found(block);
    return failure != null
        ? failure
        : names.isEmpty() ? "[No tools found]" : "[Tools found: " + String.join(", ", names) + "]";
  }

  private static String result(Map<?, ?> json) {
    Object content = json.get("content");
    String failure = failure(content);
    if (failure != null) {
      return failure;
    }
    String words = content(content);
    if (words == null) {
      return null;
    }
    boolean failed = Boolean.TRUE.equals(json.get("is_error"));
    if (words.isBlank()) {
      return failed ? "[It failed]" : "[It returned nothing]";
    }
    return (failed ? "[It failed:\n" : heading(json)) + words + "]";
  }

  private static String heading(Map<?, ?> json) {
    return switch (text(json.get("type"))) {
      case "web_search_tool_result" -> "[Web search results:\n";
      case "web_fetch_tool_result" -> "[";
      default -> "[Result:\n";
    };
  }

  private static String failure(Object content) {
    Object code = content instanceof Map<?, ?> map ? map.get("error_code") : null;
    if (code == null) {
      return null;
    }
    Object message = ((Map<?, ?>) content).get("error_message");
    return "[It failed: " + code + (message == null ? "" : ", " + message) + "]";
  }

  /** Returns a result's content: a text, a list of blocks, or one object. */
  private static String content(Object content) {
    if (content instanceof List<?> blocks) {
      List<String> lines = new ArrayList<>();
      for (Object block : blocks) {
        String words = block instanceof Map<?, ?> map ? block(map) : text(block);
        if (words == null) {
          return null;
        }
        lines.add(words);
      }
      return String.join("\n", lines);
    }
    return content instanceof Map<?, ?> map ? block(map) : text(content);
  }

  /** Returns one part of a result, or null for one that only another server can read. */
  private static String block(Map<?, ?> part) {
    return switch (text(part.get("type"))) {
      case "text", "advisor_result" -> text(part.get("text"));
      case "web_search_result" -> "- " + part.get("title") + ": " + part.get("url");
      case "web_fetch_result" -> fetched(part);
      case "text_editor_code_execution_view_result" -> text(part.get("content"));
      default -> part.containsKey("return_code") ? execution(part) : other(part);
    };
  }

  private static String fetched(Map<?, ?> part) {
    Object document = part.get("content");
    Object source = document instanceof Map<?, ?> map ? map.get("source") : null;
    boolean isText = source instanceof Map<?, ?> map && "text".equals(map.get("type"));
    String url = String.valueOf(part.get("url"));
    return "Fetched "
        + url
        + (isText
            ? ":\n" + OutsideText.marked("web page", url, text(((Map<?, ?>) source).get("data")))
            : " (a document that is left out)");
  }

  private static String execution(Map<?, ?> part) {
    StringBuilder text = new StringBuilder("exit code ").append(part.get("return_code"));
    line(text, "stdout", part.get("stdout"));
    line(text, "stderr", part.get("stderr"));
    if (part.get("content") instanceof List<?> files) {
      for (Object file : files) {
        line(text, "file", file instanceof Map<?, ?> map ? map.get("file_id") : null);
      }
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String label, Object value) {
    if (value != null && !value.toString().isBlank()) {
      text.append('\n').append(label).append(": ").append(value.toString().stripTrailing());
    }
  }

  /** Returns the fields of an unknown part that a model can read; null if there are none. */
  private static String other(Map<?, ?> part) {
    Map<String, Object> readable = new LinkedHashMap<>();
    part.forEach(
        (name, value) -> {
          String field = String.valueOf(name);
          if (!field.startsWith(ENCRYPTED) && !field.equals("type") && value != null) {
            readable.put(field, value);
          }
        });
    return readable.isEmpty() ? null : json(readable);
  }

  /** Returns the summary that another server has put in place of earlier turns. */
  private static String summary(Object content) {
    return content instanceof String text && !text.isBlank()
        ? "[Summary of the conversation so far:\n" + text + "]"
        : null;
  }

  private static String json(Object tree) {
    return new JsonWriter(200).tree(tree).finish().toString();
  }

  private static String text(Object value) {
    return value == null ? "" : value instanceof String s ? s : json(value);
  }
}
