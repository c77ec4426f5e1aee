package io.caravan.anthropic;

import io.caravan.json.JsonBytes;

/**
 * Writes events as the server-sent events of Anthropic's API, one after the other into one buffer.
 * Constant parts are bytes from the start; only text is escaped. An encoder is for one thread at a
 * time.
 */
public final class SseEncoder {

  private static final byte[] MESSAGE_START =
      named("message_start", "{\"type\":\"message_start\",\"message\":{\"id\":");
  private static final byte[] MESSAGE_MODEL =
      JsonBytes.constant(",\"type\":\"message\",\"role\":\"assistant\",\"model\":");
  private static final byte[] MESSAGE_REST =
      JsonBytes.constant(",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":");
  private static final byte[] BLOCK_START =
      named("content_block_start", "{\"type\":\"content_block_start\",\"index\":");
  private static final byte[] TEXT_BLOCK =
      JsonBytes.constant(",\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n");
  private static final byte[] THINKING_BLOCK =
      JsonBytes.constant(
          ",\"content_block\":{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}}\n\n");
  private static final byte[] TOOL_BLOCK =
      JsonBytes.constant(",\"content_block\":{\"type\":\"tool_use\",\"id\":");
  private static final byte[] SERVER_TOOL_BLOCK =
      JsonBytes.constant(",\"content_block\":{\"type\":\"server_tool_use\",\"id\":");
  private static final byte[] TOOL_NAME = JsonBytes.constant(",\"name\":");
  private static final byte[] TOOL_REST = JsonBytes.constant(",\"input\":{}}}\n\n");
  private static final byte[] SERVER_TOOL_REST =
      JsonBytes.constant(",\"input\":{},\"caller\":{\"type\":\"direct\"}}}\n\n");
  private static final byte[] OTHER_BLOCK = JsonBytes.constant(",\"content_block\":");
  private static final byte[] BLOCK_DELTA =
      named("content_block_delta", "{\"type\":\"content_block_delta\",\"index\":");
  private static final byte[] TEXT_DELTA = delta("text_delta", "text");
  private static final byte[] THINKING_DELTA = delta("thinking_delta", "thinking");
  private static final byte[] SIGNATURE_DELTA = delta("signature_delta", "signature");
  private static final byte[] JSON_DELTA = delta("input_json_delta", "partial_json");
  private static final byte[] DELTA_REST = JsonBytes.constant("\"}}\n\n");
  private static final byte[] BLOCK_STOP =
      named("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":");
  private static final byte[] MESSAGE_DELTA =
      named("message_delta", "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":");
  private static final byte[] STOP_SEQUENCE = JsonBytes.constant(",\"stop_sequence\":");
  private static final byte[] SAFEGUARD_RESULTS = JsonBytes.constant(",\"safeguard_results\":");
  private static final byte[] DELTA_USAGE = JsonBytes.constant("},\"usage\":");
  private static final byte[] MESSAGE_STOP =
      named("message_stop", "{\"type\":\"message_stop\"}\n\n");
  private static final byte[] ERROR = named("error", "{\"type\":\"error\",\"error\":{\"type\":");
  private static final byte[] ERROR_MESSAGE = JsonBytes.constant(",\"message\":");
  private static final byte[] CLOSE_1 = JsonBytes.constant("}\n\n");
  private static final byte[] CLOSE_2 = JsonBytes.constant("}}\n\n");

  /** The usual size in bytes of a delta of one or two tokens. */
  private static final int USUAL_LENGTH = 192;

  /**
   * The room for longer texts, which are given room as if all of their characters had to be
   * escaped.
   */
  private static final int SPARE = 256;

  private final JsonBytes out;

  /**
   * @param events the number of events of the usual length to make room for
   */
  public SseEncoder(int events) {
    out = new JsonBytes(events * USUAL_LENGTH + SPARE);
  }

  private static byte[] named(String name, String data) {
    return JsonBytes.constant("event: " + name + "\ndata: " + data);
  }

  private static byte[] delta(String type, String field) {
    return JsonBytes.constant(",\"delta\":{\"type\":\"" + type + "\",\"" + field + "\":\"");
  }

  /**
   * Returns the buffer itself. It is filled up to {@link #length}, and valid until the next {@link
   * #encode}.
   */
  public byte[] buffer() {
    return out.buffer();
  }

  /** Returns the number of bytes written so far. */
  public int length() {
    return out.length();
  }

  /** Returns a copy of the bytes written so far. */
  public byte[] toByteArray() {
    return out.toByteArray();
  }

  /** Adds an event. */
  public void encode(Event event) {
    // The most frequent events come first.
    if (event instanceof Event.TextDelta delta) {
      delta(delta.index(), TEXT_DELTA, delta.text());
    } else if (event instanceof Event.ThinkingDelta delta) {
      delta(delta.index(), THINKING_DELTA, delta.thinking());
    } else if (event instanceof Event.InputJsonDelta delta) {
      delta(delta.index(), JSON_DELTA, delta.partialJson());
    } else if (event instanceof Event.SignatureDelta delta) {
      delta(delta.index(), SIGNATURE_DELTA, delta.signature());
    } else if (event instanceof Event.BlockStop stop) {
      out.raw(BLOCK_STOP).number(stop.index()).raw(CLOSE_1);
    } else if (!blockStart(event)) {
      message(event);
    }
  }

  private void delta(int index, byte[] kind, String text) {
    out.raw(BLOCK_DELTA).number(index).raw(kind).string(text).raw(DELTA_REST);
  }

  private boolean blockStart(Event event) {
    if (event instanceof Event.TextStart start) {
      out.raw(BLOCK_START).number(start.index()).raw(TEXT_BLOCK);
    } else if (event instanceof Event.ThinkingStart start) {
      out.raw(BLOCK_START).number(start.index()).raw(THINKING_BLOCK);
    } else if (event instanceof Event.ToolUseStart start) {
      out.raw(BLOCK_START).number(start.index()).raw(TOOL_BLOCK).stringOrNull(start.id());
      out.raw(TOOL_NAME).stringOrNull(start.name()).raw(TOOL_REST);
    } else if (event instanceof Event.ServerToolUseStart start) {
      out.raw(BLOCK_START).number(start.index()).raw(SERVER_TOOL_BLOCK).stringOrNull(start.id());
      out.raw(TOOL_NAME).stringOrNull(start.name()).raw(SERVER_TOOL_REST);
    } else if (event instanceof Event.OtherStart start) {
      out.raw(BLOCK_START).number(start.index()).raw(OTHER_BLOCK).raw(start.json()).raw(CLOSE_1);
    } else {
      return false;
    }
    return true;
  }

  private void message(Event event) {
    if (event instanceof Event.MessageStart start) {
      out.raw(MESSAGE_START).stringOrNull(start.id()).raw(MESSAGE_MODEL);
      out.stringOrNull(start.model()).raw(MESSAGE_REST);
      UsageJson.write(start.usage(), out);
      out.raw(CLOSE_2);
    } else if (event instanceof Event.MessageDelta end) {
      out.raw(MESSAGE_DELTA).stringOrNull(end.stopReason());
      out.raw(STOP_SEQUENCE).stringOrNull(end.stopSequence());
      if (end.safeguardResults() != null) {
        out.raw(SAFEGUARD_RESULTS).raw(end.safeguardResults());
      }
      out.raw(DELTA_USAGE);
      UsageJson.write(end.usage(), out);
      out.raw(CLOSE_1);
    } else if (event instanceof Event.MessageStop) {
      out.raw(MESSAGE_STOP);
    } else if (event instanceof Event.Failure failure) {
      out.raw(ERROR).stringOrNull(failure.type().code());
      out.raw(ERROR_MESSAGE).stringOrNull(failure.message()).raw(CLOSE_2);
    }
  }
}
