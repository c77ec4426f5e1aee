package io.caravan.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.caravan.json.Json;
import java.io.IOException;
import java.util.List;

/** Gathers the fields of a {@code delta} or {@code message}. */
final class DeltaFields {
  private String content;

  // Servers send reasoning under several names, the first of which wins if several come at once:
  // newer vLLM writes "reasoning", older vLLM "reasoning_content", and some servers write both.
  private String reasoningContent;
  private String reasoning;
  private String otherReasoning;
  private String partReasoning;

  private String reasoningDetails;
  private String refusal;
  private List<ToolCallDelta> toolCalls;
  private Place place;
  private int places;

  /**
   * The place of a text that stood in the delta itself.
   *
   * @param start the index of its opening quote, in bytes from the payload's beginning
   * @param end the index behind its closing quote
   */
  record Place(int start, int end, String text) {}

  void clear() {
    place = null;
    places = 0;
    content = null;
    reasoningContent = null;
    reasoning = null;
    otherReasoning = null;
    partReasoning = null;
    reasoningDetails = null;
    refusal = null;
    toolCalls = null;
  }

  boolean isEmpty() {
    return content == null
        && toolCalls == null
        && reasoningDetails == null
        && refusal == null
        && reasoningText().isEmpty();
  }

  /** Reads the current value. */
  void read(JsonParser p, JsonToken value, byte[] buffer, int base) throws IOException {
    if (value != JsonToken.START_OBJECT) {
      p.skipChildren();
      return;
    }
    for (String name = p.nextFieldName(); name != null; name = p.nextFieldName()) {
      JsonToken inner = p.nextToken();
      switch (name) {
        case "content" -> {
          if (inner == JsonToken.VALUE_STRING) {
            addContent(placedText(p, inner));
          } else {
            content(p, inner);
          }
        }
        case "reasoning_content" -> reasoningContent = placedText(p, inner);
        case "reasoning" -> reasoning = placedText(p, inner);
        case "reasoning_text", "thinking" -> otherReasoning = text(p, inner);
        case "reasoning_details" -> details(p, inner, buffer, base);
        case "refusal" -> refusal = text(p, inner);
        case "tool_calls" -> toolCalls = ToolCallReader.readAll(p, inner, buffer, base);
        case "function_call" -> {
          if (toolCalls == null) {
            toolCalls = ToolCallReader.readLegacy(p, inner, buffer, base);
          } else {
            p.skipChildren();
          }
        }
        default -> p.skipChildren();
      }
    }
  }

  void addContent(String text) {
    if (text != null) {
      content = join(content, text);
    }
  }

  /** Adds the fields of another instance: some servers put several choices 0 into one chunk. */
  void add(DeltaFields other) {
    content = join(content, other.content);
    partReasoning = join(reasoningText(), other.reasoningText());
    reasoningContent = null;
    reasoning = null;
    otherReasoning = null;
    refusal = join(refusal, other.refusal);
    reasoningDetails = other.reasoningDetails == null ? reasoningDetails : other.reasoningDetails;
    if (toolCalls == null) {
      toolCalls = other.toolCalls;
    } else if (other.toolCalls != null) {
      toolCalls.addAll(other.toolCalls);
    }
  }

  Chunk toChunk(
      String id, String model, String finishReason, String stopSequence, UpstreamUsage usage) {
    return new Chunk(
        id,
        model,
        content == null ? "" : content,
        reasoningText(),
        reasoningDetails,
        refusal,
        toolCalls == null ? List.of() : toolCalls,
        finishReason,
        stopSequence,
        usage,
        null);
  }

  /** Returns one of the reasoning texts. They repeat each other, so they are never joined. */
  private String reasoningText() {
    if (reasoningContent != null) {
      return reasoningContent;
    }
    if (reasoning != null) {
      return reasoning;
    }
    if (otherReasoning != null) {
      return otherReasoning;
    }
    if (partReasoning != null) {
      return partReasoning;
    }
    return reasoningDetails == null ? "" : ReasoningDetails.text(reasoningDetails);
  }

  /** Returns the place of the delta's only text, or null if it had none or several. */
  Place place() {
    return places == 1 ? place : null;
  }

  private String placedText(JsonParser p, JsonToken value) throws IOException {
    long start = value == JsonToken.VALUE_STRING ? p.currentTokenLocation().getByteOffset() : -1;
    String text = text(p, value);
    if (text != null) {
      places++;
      place = new Place((int) start, (int) p.currentLocation().getByteOffset(), text);
    }
    return text;
  }

  private static String text(JsonParser p, JsonToken value) throws IOException {
    if (value == JsonToken.VALUE_STRING) {
      String text = p.getText();
      return text.isEmpty() ? null : text;
    }
    p.skipChildren();
    return null;
  }

  private void details(JsonParser p, JsonToken value, byte[] buffer, int base) throws IOException {
    if (value == JsonToken.START_ARRAY) {
      String array = Json.slice(p, buffer, base).toString();
      reasoningDetails = array.length() > 2 ? array : null;
    } else {
      p.skipChildren();
    }
  }

  private void content(JsonParser p, JsonToken value) throws IOException {
    switch (value) {
      case VALUE_STRING -> addContent(text(p, value));
      case START_OBJECT -> part(p);
      case START_ARRAY -> parts(p);
      case VALUE_NULL -> {}
      default -> addContent(p.getText());
    }
  }

  private void parts(JsonParser p) throws IOException {
    for (JsonToken item = p.nextToken();
        item != JsonToken.END_ARRAY && item != null;
        item = p.nextToken()) {
      content(p, item);
    }
  }

  /**
   * Reads a part as Mistral sends it: {@code text}, {@code thinking} with parts of its own, or
   * {@code reference} with nothing to show.
   */
  private void part(JsonParser p) throws IOException {
    String type = null;
    String text = null;
    DeltaFields inner = null;
    for (String name = p.nextFieldName(); name != null; name = p.nextFieldName()) {
      JsonToken value = p.nextToken();
      switch (name) {
        case "type" -> type = text(p, value);
        case "text" -> text = join(text, text(p, value));
        case "thinking" -> {
          inner = inner == null ? new DeltaFields() : inner;
          inner.content(p, value);
        }
        case "refusal" -> refusal = join(refusal, text(p, value));
        default -> p.skipChildren();
      }
    }
    if (inner != null) {
      partReasoning = join(partReasoning, inner.content);
    }
    if (type != null && (type.equals("thinking") || type.startsWith("reasoning"))) {
      partReasoning = join(partReasoning, text);
    } else {
      addContent(text);
    }
  }

  private static String join(String a, String b) {
    if (a == null || a.isEmpty()) {
      return b;
    }
    return b == null || b.isEmpty() ? a : a + b;
  }
}
