package io.caravan.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.caravan.corpus.JsonMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares a request to an upstream with the one that a case expects, by its meaning to a server of
 * OpenAI's API: a text in parts is its text, white space in arguments has none, and a field with
 * the value that a server assumes without it may be there or not.
 */
final class UpstreamRequests {
  /** The values that a server assumes, by field; null and empty ones are never a difference. */
  private static final Map<String, Set<String>> ASSUMED =
      Map.of(
          "tool_choice", Set.of("\"auto\""),
          "parallel_tool_calls", Set.of("true"),
          "strict", Set.of("false"),
          "n", Set.of("1"),
          "store", Set.of("false"),
          "detail", Set.of("\"auto\""));

  /**
   * The switches of thinking and sampling that some servers have; a case names those it is about.
   */
  private static final List<String> OF_SOME_SERVERS =
      List.of(
          "chat_template_kwargs",
          "reasoning",
          "reasoning_effort",
          "enable_thinking",
          "thinking",
          "top_k");

  private UpstreamRequests() {}

  /** Returns the differences; the stream's options and the model's name are the gateway's own. */
  static List<String> differences(JsonNode expected, JsonNode actual) {
    ObjectNode wanted = (ObjectNode) plain(expected);
    JsonNode found = plain(actual);
    wanted.put("model", "*");
    for (String field : List.of("stream", "stream_options")) {
      wanted.remove(field);
      if (found instanceof ObjectNode object) {
        object.remove(field);
      }
    }
    if (found instanceof ObjectNode object) {
      renameLimit(wanted, object);
      OF_SOME_SERVERS.stream().filter(name -> !wanted.has(name)).forEach(object::remove);
    }
    return JsonMatch.differences(wanted, found);
  }

  /** Servers take the limit of tokens under either name. */
  private static void renameLimit(ObjectNode wanted, ObjectNode found) {
    if (!wanted.has("max_completion_tokens") && found.has("max_completion_tokens")) {
      found.set("max_tokens", found.remove("max_completion_tokens"));
    }
  }

  private static JsonNode plain(JsonNode node) {
    if (node instanceof ArrayNode array) {
      ArrayNode plain = JsonNodeFactory.instance.arrayNode();
      array.forEach(item -> plain.add(plain(item)));
      return plain;
    }
    if (!(node instanceof ObjectNode object)) {
      return node;
    }
    ObjectNode plain = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      String name = field.getKey();
      JsonNode value = field.getValue();
      // A schema is the client's own, and each of its fields has a meaning.
      JsonNode kept =
          switch (name) {
            case "parameters", "schema" -> value;
            case "content" -> content(value);
            case "arguments" -> arguments(value);
            default -> plain(value);
          };
      if (!isAssumed(name, kept)) {
        plain.set(name, kept);
      }
    }
    return plain;
  }

  private static boolean isAssumed(String name, JsonNode value) {
    return value.isNull()
        || (value.isContainerNode() && value.isEmpty() && !name.equals("parameters"))
        || (value.isTextual() && value.asText().isEmpty())
        || ASSUMED.getOrDefault(name, Set.of()).contains(value.toString());
  }

  /** Joins the parts of a text, however they are separated. */
  private static JsonNode content(JsonNode content) {
    if (content.isTextual()) {
      return TextNode.valueOf(spaced(content.asText()));
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode part : content) {
      if (!part.path("type").asText().equals("text")) {
        return plain(content);
      }
      texts.add(part.path("text").asText());
    }
    return TextNode.valueOf(spaced(String.join("\n", texts)));
  }

  private static String spaced(String text) {
    return text.replaceAll("\\n{2,}", "\n").strip();
  }

  private static JsonNode arguments(JsonNode arguments) {
    JsonNode parsed = arguments.isTextual() ? Leniency.parsed(arguments.asText()) : null;
    return parsed == null ? arguments : TextNode.valueOf(parsed.toString());
  }
}
