package io.caravan.corpus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings events into a form in which two answers of the same meaning are equal, and makes whole
 * messages of them.
 */
public final class Messages {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Messages() {}

  /** Leaves out pings and joins the deltas of a block that follow each other. */
  public static List<JsonNode> joined(List<JsonNode> events) {
    List<JsonNode> joined = new ArrayList<>();
    for (JsonNode event : events) {
      if (event.path("type").asText().equals("ping") || isEmptyDelta(event)) {
        continue;
      }
      JsonNode last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
      String field = last == null ? null : commonField(last, event);
      if (field == null) {
        joined.add(event.deepCopy());
      } else {
        append((ObjectNode) last.get("delta"), field, event.get("delta").get(field).asText());
      }
    }
    return joined;
  }

  /** The message that a client accumulates from joined events. */
  public static ObjectNode accumulate(List<JsonNode> joined) {
    ObjectNode message = JSON.createObjectNode();
    ArrayNode content = JSON.createArrayNode();
    for (JsonNode event : joined) {
      switch (event.path("type").asText()) {
        case "message_start" -> begin(message, event.path("message"));
        case "content_block_start" -> content.add(event.get("content_block").deepCopy());
        case "content_block_delta" ->
            apply((ObjectNode) content.get(content.size() - 1), event.get("delta"));
        case "message_delta" -> {
          if (event.path("delta") instanceof ObjectNode delta) {
            message.setAll(delta);
          }
          mergeUsage(message, event.path("usage"));
        }
        default -> {}
      }
    }
    message.set("content", content);
    return message;
  }

  /** The {@code error} event that ends the stream, or null. */
  public static JsonNode failure(List<JsonNode> events) {
    JsonNode last = events.isEmpty() ? null : events.get(events.size() - 1);
    return last != null && last.path("type").asText().equals("error") ? last : null;
  }

  /** A case may expect any message: then it has any of the fields that each message has. */
  private static void begin(ObjectNode message, JsonNode started) {
    if (started instanceof ObjectNode object) {
      message.setAll(object.deepCopy());
      return;
    }
    for (String field : List.of("id", "type", "role", "model", "usage")) {
      message.put(field, "*");
    }
  }

  private static void mergeUsage(ObjectNode message, JsonNode usage) {
    if (message.path("usage").isObject() && usage.isObject()) {
      ((ObjectNode) message.get("usage")).setAll((ObjectNode) usage);
    } else {
      message.set("usage", usage.deepCopy());
    }
  }

  private static void apply(ObjectNode block, JsonNode delta) {
    switch (delta.path("type").asText()) {
      case "text_delta" -> append(block, "text", delta.path("text").asText());
      case "thinking_delta" -> append(block, "thinking", delta.path("thinking").asText());
      case "signature_delta" -> block.set("signature", delta.get("signature"));
      case "input_json_delta" -> block.set("input", input(delta.path("partial_json").asText()));
      default -> {}
    }
  }

  private static JsonNode input(String json) {
    try {
      return json.equals("*") ? JSON.getNodeFactory().textNode("*") : JSON.readTree(json);
    } catch (JsonProcessingException e) {
      return JSON.getNodeFactory().textNode(json);
    }
  }

  private static boolean isEmptyDelta(JsonNode event) {
    JsonNode delta = event.path("delta");
    return event.path("type").asText().equals("content_block_delta")
        && delta.path("text").asText().isEmpty()
        && delta.path("thinking").asText().isEmpty()
        && delta.path("partial_json").asText().isEmpty()
        && !delta.has("signature");
  }

  /** The field in which the second event continues the first, or null where it doesn't. */
  private static String commonField(JsonNode first, JsonNode second) {
    if (!first.path("type").asText().equals("content_block_delta")
        || !first.path("type").equals(second.path("type"))
        || !first.path("index").equals(second.path("index"))) {
      return null;
    }
    for (String field : List.of("text", "thinking", "partial_json")) {
      if (first.path("delta").has(field) && second.path("delta").has(field)) {
        return field;
      }
    }
    return null;
  }

  private static void append(ObjectNode node, String field, String more) {
    node.put(field, node.path(field).asText() + more);
  }
}
