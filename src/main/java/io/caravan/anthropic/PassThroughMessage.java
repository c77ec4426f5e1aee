package io.caravan.anthropic;

import io.caravan.json.JsonTree;
import io.caravan.json.JsonWriter;
import io.caravan.json.RawJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts the events of an upstream that speaks the Messages API itself together into the message that
 * it would have sent to a client that doesn't stream. What can't be understood gives no message.
 */
public final class PassThroughMessage {
  private static final String INPUT = "partial_json";

  private final long maxSize;
  private final List<Object> content = new ArrayList<>();

  /** The pieces that the deltas of the open block have brought, by their field. */
  private final Map<String, StringBuilder> growing = new LinkedHashMap<>();

  private Map<String, Object> message;
  private Map<String, Object> block = new LinkedHashMap<>();
  private boolean complete;
  private boolean failed;
  private long size;

  /**
   * @param maxSize bytes of events; of more no message is made
   */
  public PassThroughMessage(long maxSize) {
    this.maxSize = maxSize;
  }

  /** Takes the data of the next event. */
  public void accept(RawJson event) {
    size += event.length();
    if (failed || size > maxSize) {
      failed = true;
      content.clear();
      return;
    }
    try {
      take(object(JsonTree.read(event)));
    } catch (IllegalArgumentException e) {
      failed = true;
    }
  }

  private void take(Map<String, Object> event) {
    switch (String.valueOf(event.get("type"))) {
      case "message_start" -> message = object(event.get("message"));
      case "content_block_start" -> block = object(event.get("content_block"));
      case "content_block_delta" -> object(event.get("delta")).forEach(this::grow);
      case "content_block_stop" -> content.add(closed());
      case "message_delta" -> end(event);
      case "message_stop" -> complete = true;
      default -> {
        // A ping, or an event that came later than this class.
      }
    }
  }

  private void grow(String field, Object piece) {
    if (field.equals("type")) {
      return;
    }
    if (piece instanceof String text) {
      growing.computeIfAbsent(field, name -> new StringBuilder()).append(text);
    } else if (field.equals("citation")) {
      List<Object> citations = new ArrayList<>();
      if (block.get("citations") instanceof List<?> before) {
        citations.addAll(before);
      }
      citations.add(piece);
      block.put("citations", citations);
    }
  }

  private Map<String, Object> closed() {
    growing.forEach(
        (field, text) -> {
          if (field.equals(INPUT)) {
            block.put("input", JsonTree.read(RawJson.of(text.toString())));
          } else {
            block.put(field, text.toString());
          }
        });
    growing.clear();
    return block;
  }

  private void end(Map<String, Object> event) {
    object(message).putAll(object(event.get("delta")));
    Map<String, Object> usage = new LinkedHashMap<>();
    if (message.get("usage") instanceof Map<?, ?> first) {
      usage.putAll(object(first));
    }
    if (event.get("usage") instanceof Map<?, ?> last) {
      usage.putAll(object(last));
    }
    message.put("usage", usage);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> object(Object value) {
    if (value instanceof Map<?, ?>) {
      return (Map<String, Object>) value;
    }
    throw new IllegalArgumentException("no JSON object");
  }

  /**
   * The message as JSON, under the name of the model that the client knows; null where it isn't
   * complete, or was too large.
   */
  public byte[] json(String model) {
    if (!complete || failed || message == null) {
      return null;
    }
    message.put("model", model);
    message.put("content", content);
    RawJson json = new JsonWriter(1024).tree(message).finish();
    byte[] bytes = new byte[json.length()];
    System.arraycopy(json.buffer(), json.offset(), bytes, 0, bytes.length);
    return bytes;
  }
}
