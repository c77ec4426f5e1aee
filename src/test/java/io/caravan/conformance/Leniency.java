package io.caravan.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.corpus.JsonMatch;
import java.util.List;
import java.util.Map;

/**
 * Compares a response with the one that a case expects. It accepts any value that the protocol
 * leaves to the server: the ids, the name of the model, the estimate of the input in message_start,
 * the signature of a thinking block, further counts in a usage, and fields that are null, zero or
 * empty.
 */
final class Leniency {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNodeFactory TEXT = JSON.getNodeFactory();
  private static final JsonNode ANY = TEXT.textNode("*");

  private Leniency() {}

  static List<String> differences(JsonNode expected, JsonNode actual) {
    JsonNode relaxed = expected.deepCopy();
    relax(relaxed);
    return JsonMatch.differences(compact(relaxed), compact(prune(relaxed, actual.deepCopy())));
  }

  /** Ignores white space in the JSON text of a call's arguments, which has no meaning. */
  static List<String> differencesOfRequests(JsonNode expected, JsonNode actual) {
    return JsonMatch.differences(compact(expected.deepCopy()), compact(actual.deepCopy()));
  }

  private static JsonNode compact(JsonNode node) {
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        boolean json = field.getKey().equals("arguments") || field.getKey().equals("partial_json");
        if (json && field.getValue().isTextual()) {
          field.setValue(TEXT.textNode(compact(field.getValue().asText())));
        } else {
          compact(field.getValue());
        }
      }
    } else {
      node.forEach(Leniency::compact);
    }
    return node;
  }

  private static String compact(String json) {
    try {
      return JSON.readTree(json).toString();
    } catch (JsonProcessingException e) {
      return json;
    }
  }

  private static void relax(JsonNode node) {
    String type = node.path("type").asText();
    switch (type) {
      case "message_start" -> {
        relax(node.path("message"));
        any(node.path("message"), "usage");
      }
      case "content_block_start" -> relax(node.path("content_block"));
      case "content_block_delta" -> any(node.path("delta"), "signature");
      case "tool_use" -> any(node, "id");
      case "thinking" -> any(node, "signature");
      default -> {}
    }
    if (node.path("content").isArray()) {
      any(node, "id");
      any(node, "model");
      node.path("content").forEach(Leniency::relax);
    }
  }

  private static void any(JsonNode object, String field) {
    if (object.has(field)) {
      ((ObjectNode) object).set(field, ANY);
    }
  }

  /** Removes the fields of {@code actual} that may be there without being expected. */
  private static JsonNode prune(JsonNode expected, JsonNode actual) {
    if (expected instanceof ObjectNode && actual instanceof ObjectNode object) {
      object
          .properties()
          .removeIf(field -> !expected.has(field.getKey()) && isBlank(field.getValue()));
      for (Map.Entry<String, JsonNode> field : expected.properties()) {
        JsonNode found = object.path(field.getKey());
        if (field.getKey().equals("usage") && found instanceof ObjectNode usage) {
          JsonNode counts = field.getValue();
          usage.properties().removeIf(count -> !counts.has(count.getKey()));
        } else {
          prune(field.getValue(), found);
        }
      }
    } else if (expected instanceof ArrayNode && actual instanceof ArrayNode array) {
      for (int i = 0; i < Math.min(expected.size(), array.size()); i++) {
        prune(expected.get(i), array.get(i));
      }
    }
    return actual;
  }

  private static boolean isBlank(JsonNode value) {
    return value.isNull()
        || (value.isContainerNode() && value.isEmpty())
        || (value.isTextual() && value.asText().isEmpty())
        || (value.isNumber() && value.asDouble() == 0);
  }
}
