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
import java.util.Set;

/**
 * Compares a message with the one that a case expects, by its meaning to a client. It accepts any
 * value that the protocol leaves to the server (ids, the model's name, signatures), and a field
 * that is absent, null, zero or empty counts as the same where clients take it so. Text blocks that
 * follow each other are one, and empty ones are none: a person reads the same.
 */
final class Leniency {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNodeFactory NODES = JSON.getNodeFactory();
  private static final JsonNode ANY = NODES.textNode("*");

  /** The counts that every client reads; further ones are a gateway's own affair. */
  private static final Set<String> COUNTS =
      Set.of(
          "input_tokens",
          "output_tokens",
          "cache_read_input_tokens",
          "cache_creation_input_tokens");

  private Leniency() {}

  /** Returns the differences between two whole messages. */
  static List<String> differences(JsonNode expected, JsonNode actual) {
    JsonNode plain = plain(expected.deepCopy());
    relax(plain);
    return JsonMatch.differences(plain, prune(plain, plain(actual.deepCopy())));
  }

  /** Brings a message into the form in which two of the same meaning are equal. */
  private static JsonNode plain(JsonNode message) {
    if (message instanceof ObjectNode object) {
      if (object.path("content") instanceof ArrayNode content) {
        object.set("content", joined(content));
      }
      if (object.path("usage") instanceof ObjectNode usage) {
        usage.retain(COUNTS);
      }
    }
    return message;
  }

  private static ArrayNode joined(ArrayNode content) {
    ArrayNode joined = JSON.createArrayNode();
    for (JsonNode block : content) {
      String field = block.path("type").asText();
      boolean words = field.equals("text") || field.equals("thinking");
      JsonNode last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
      if (words && block.path(field).asText().isEmpty() && !block.hasNonNull("signature")) {
        continue;
      }
      if (field.equals("text") && last != null && last.path("type").asText().equals("text")) {
        ((ObjectNode) last).put("text", last.path("text").asText() + block.path("text").asText());
      } else {
        joined.add(block);
      }
    }
    return joined;
  }

  private static void relax(JsonNode message) {
    any(message, "id");
    any(message, "model");
    for (JsonNode block : message.path("content")) {
      switch (block.path("type").asText()) {
        case "tool_use" -> any(block, "id");
        case "thinking" -> ((ObjectNode) block).remove("signature");
        default -> {}
      }
    }
  }

  private static void any(JsonNode object, String field) {
    if (object.has(field)) {
      ((ObjectNode) object).set(field, ANY);
    }
  }

  /**
   * Makes fields of {@code actual} that clients take as the same equal to the expected ones: a
   * blank one that isn't expected is removed, and one that is expected to be blank may be missing.
   */
  private static JsonNode prune(JsonNode expected, JsonNode actual) {
    if (expected instanceof ObjectNode wanted && actual instanceof ObjectNode object) {
      wanted.properties().removeIf(f -> isBlank(f.getValue()) && !object.has(f.getKey()));
      object
          .properties()
          .removeIf(
              field ->
                  !wanted.has(field.getKey())
                      && (isBlank(field.getValue()) || field.getKey().equals("signature")));
      for (Map.Entry<String, JsonNode> field : wanted.properties()) {
        JsonNode found = object.path(field.getKey());
        if (field.getKey().equals("usage") && found instanceof ObjectNode usage) {
          JsonNode counts = field.getValue();
          usage.properties().removeIf(count -> !counts.has(count.getKey()));
        }
        if (isBlank(field.getValue()) && isBlank(found)) {
          object.set(field.getKey(), field.getValue());
        } else if (!field.getKey().equals("input")) {
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

  /** Parses JSON, or returns null where it is none. */
  static JsonNode parsed(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      return null;
    }
  }
}
