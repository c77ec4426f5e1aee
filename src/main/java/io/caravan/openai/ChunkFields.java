package io.caravan.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Gathers the fields of one chunk. An instance is used again for the next one, which saves
 * allocations.
 */
final class ChunkFields {
  private final DeltaFields delta = new DeltaFields();
  private final DeltaFields message = new DeltaFields();
  private final DeltaFields gathered = new DeltaFields();

  private JsonParser p;
  private byte[] buffer;
  private int start;
  private int length;

  /** The id, which is the same on every chunk of a stream and is read only once. */
  private String id;

  private String model;

  /** True once deltas have brought content. A whole message after them would repeat it. */
  private boolean streamed;

  private boolean choicesSeen;
  private boolean looksFailed;
  private String finishReason;
  private String stopSequence;
  private UpstreamUsage usage;
  private UpstreamError error;

  /**
   * @param parser a parser that reads the buffer from {@code start} on
   */
  void begin(JsonParser parser, byte[] buffer, int start, int length) {
    this.p = parser;
    this.buffer = buffer;
    this.start = start;
    this.length = length;
    choicesSeen = false;
    looksFailed = false;
    finishReason = null;
    stopSequence = null;
    usage = null;
    error = null;
  }

  /** Reads an object whose opening brace has been read. */
  void object() throws IOException {
    for (String name = p.nextFieldName(); name != null; name = p.nextFieldName()) {
      JsonToken value = p.nextToken();
      switch (name) {
        case "choices" -> choices(value);
        case "usage" -> usage(value);
        case "x_groq" -> groq(value);
        case "error" -> error(value);
        case "id" -> id = id == null ? string(value) : id;
        case "model" -> model = model == null ? string(value) : model;
        case "object" -> looksFailed |= isError(value);
        case "base_resp" -> looksFailed |= isMiniMaxFailure(value);
        // NIM, FastAPI and RFC 9457 report failures without an "error" object.
        case "message", "detail", "title" -> {
          looksFailed |= value != JsonToken.VALUE_NULL;
          p.skipChildren();
        }
        default -> p.skipChildren();
      }
    }
  }

  /** Reads MiniMax's status, which is on every completion; 0 means success. */
  private boolean isMiniMaxFailure(JsonToken value) throws IOException {
    if (value != JsonToken.START_OBJECT) {
      p.skipChildren();
      return false;
    }
    boolean failed = false;
    for (String name = p.nextFieldName(); name != null; name = p.nextFieldName()) {
      JsonToken inner = p.nextToken();
      if (name.equals("status_code") && inner == JsonToken.VALUE_NUMBER_INT) {
        failed = p.getLongValue() != 0;
      } else {
        p.skipChildren();
      }
    }
    return failed;
  }

  /** Reads the object's type. It makes no string if the type is {@code chat.completion.chunk}. */
  private boolean isError(JsonToken value) throws IOException {
    if (value == JsonToken.VALUE_STRING) {
      return p.getTextLength() == 5 && p.getText().equals("error");
    }
    p.skipChildren();
    return false;
  }

  private void choices(JsonToken value) throws IOException {
    choicesSeen |= value != JsonToken.VALUE_NULL;
    if (value == JsonToken.START_OBJECT) {
      choice();
    } else if (value == JsonToken.START_ARRAY) {
      for (JsonToken item = p.nextToken();
          item != JsonToken.END_ARRAY && item != null;
          item = p.nextToken()) {
        if (item == JsonToken.START_OBJECT) {
          choice();
        } else {
          p.skipChildren();
        }
      }
    }
  }

  private void choice() throws IOException {
    delta.clear();
    message.clear();
    boolean first = true;
    String finish = null;
    String stop = null;
    for (String name = p.nextFieldName(); name != null; name = p.nextFieldName()) {
      JsonToken value = p.nextToken();
      switch (name) {
        case "index" -> first = value != JsonToken.VALUE_NUMBER_INT || p.getLongValue() == 0;
        case "delta" -> delta.read(p, value, buffer, start);
        case "message" -> message.read(p, value, buffer, start);
        case "text" -> delta.addContent(string(value));
        case "finish_reason" -> finish = string(value);
        // vLLM and SGLang send a token's number here, which is no stop sequence.
        case "stop_reason", "matched_stop" -> stop = stop == null ? string(value) : stop;
        case "usage" -> usage(value);
        case "error" -> error(value);
        default -> p.skipChildren();
      }
    }
    if (first) {
      add(finish, stop);
    }
  }

  /** Adds one choice. A message beside or after deltas repeats them (Perplexity). */
  private void add(String finish, String stop) {
    if (!delta.isEmpty()) {
      streamed = true;
      gathered.add(delta);
    } else if (!streamed) {
      gathered.add(message);
    }
    finishReason = finish == null ? finishReason : finish;
    stopSequence = stop == null ? stopSequence : stop;
  }

  private void usage(JsonToken value) throws IOException {
    UpstreamUsage read = UsageReader.read(p, value);
    usage = read == null ? usage : read;
  }

  /** Reads Groq's own object: it holds errors, and the usage that others put beside the choices. */
  private void groq(JsonToken value) throws IOException {
    if (value != JsonToken.START_OBJECT) {
      p.skipChildren();
      return;
    }
    for (String name = p.nextFieldName(); name != null; name = p.nextFieldName()) {
      JsonToken inner = p.nextToken();
      switch (name) {
        case "usage" -> usage(inner);
        case "error" -> error(inner);
        default -> p.skipChildren();
      }
    }
  }

  /** Reads an error at the top, in a choice (OpenRouter), or in {@code x_groq}. */
  private void error(JsonToken value) throws IOException {
    if (value == JsonToken.VALUE_NULL || value == JsonToken.VALUE_FALSE) {
      return;
    }
    String json = LenientJson.slice(p, buffer, start);
    if (error == null && !json.equals("\"\"") && !json.equals("{}")) {
      error = ErrorBodies.parse("{\"error\":" + json + "}");
    }
  }

  private String string(JsonToken value) throws IOException {
    if (value == JsonToken.VALUE_STRING) {
      String text = p.getText();
      return text.isEmpty() ? null : text;
    }
    p.skipChildren();
    return null;
  }

  /**
   * Returns the chunk that has been gathered.
   *
   * @param failed whether the payload is a failure, whatever it says
   */
  Chunk finish(boolean failed) {
    if (error == null && !choicesSeen && (looksFailed || failed)) {
      error = ErrorBodies.parse(new String(buffer, start, length, StandardCharsets.UTF_8));
    }
    return error != null
        ? Chunk.failed(error)
        : gathered.toChunk(id, model, finishReason, stopSequence, usage);
  }

  /** Lets the payload and its texts go: the next one may be long in coming. */
  void release() {
    p = null;
    buffer = null;
    gathered.clear();
    delta.clear();
    message.clear();
    usage = null;
    error = null;
  }

  /** Passes the place of the chunk's text in the payload to a template. */
  void teach(ChunkTemplate template, Chunk chunk) {
    DeltaFields.Place text = delta.place();
    if (text != null) {
      template.learn(
          buffer,
          start,
          start + length,
          start + text.start(),
          start + text.end(),
          text.text(),
          chunk);
    }
  }
}
