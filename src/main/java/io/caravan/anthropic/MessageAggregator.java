package io.caravan.anthropic;

import io.caravan.json.Json;
import io.caravan.json.JsonBytes;
import io.caravan.json.RawJson;
import java.util.ArrayList;
import java.util.List;

/**
 * Joins events into the message for a client that doesn't stream. Streams and whole messages thus
 * have the same content.
 */
public final class MessageAggregator {
  private static final byte[] ID = JsonBytes.constant("{\"id\":");
  private static final byte[] MODEL =
      JsonBytes.constant(",\"type\":\"message\",\"role\":\"assistant\",\"model\":");
  private static final byte[] CONTENT = JsonBytes.constant(",\"content\":[");
  private static final byte[] STOP_REASON = JsonBytes.constant("],\"stop_reason\":");
  private static final byte[] STOP_SEQUENCE = JsonBytes.constant(",\"stop_sequence\":");
  private static final byte[] USAGE = JsonBytes.constant(",\"usage\":");
  private static final byte[] SAFEGUARD_RESULTS = JsonBytes.constant(",\"safeguard_results\":");
  private static final byte[] COMMA = JsonBytes.constant(",");
  private static final byte[] CLOSE = JsonBytes.constant("}");

  /** The approximate size of a block beside its text. */
  private static final int BLOCK_SIZE = 200;

  private final List<Growing> blocks = new ArrayList<>();
  private Event.MessageStart start;
  private Event.MessageDelta end;
  private Event.Failure failure;
  private boolean stopped;
  private boolean givenUp;
  private long size;

  /** A block and the content that its deltas have brought. */
  private static final class Growing {
    final Event start;
    final StringBuilder text = new StringBuilder();
    String signature = "";

    Growing(Event start) {
      this.start = start;
    }
  }

  /**
   * Returns an aggregator that goes on from here: its blocks are those of this one, which are
   * complete, and this one stays as it is.
   */
  public MessageAggregator continued() {
    MessageAggregator next = new MessageAggregator();
    next.start = start;
    next.blocks.addAll(blocks);
    next.size = size;
    next.givenUp = givenUp;
    return next;
  }

  /** Takes in the next event. */
  public void accept(Event event) {
    if (givenUp) {
      return;
    }
    if (event instanceof Event.TextDelta delta) {
      append(delta.text());
    } else if (event instanceof Event.ThinkingDelta delta) {
      append(delta.thinking());
    } else if (event instanceof Event.InputJsonDelta delta) {
      append(delta.partialJson());
    } else if (event instanceof Event.SignatureDelta delta) {
      last().signature = delta.signature();
    } else if (event instanceof Event.MessageStart message) {
      start = message;
    } else if (event instanceof Event.MessageDelta message) {
      end = message;
    } else if (event instanceof Event.MessageStop) {
      stopped = true;
    } else if (event instanceof Event.Failure broken) {
      failure = broken;
    } else if (!(event instanceof Event.BlockStop)) {
      blocks.add(new Growing(event));
      size += BLOCK_SIZE;
    }
  }

  private void append(String piece) {
    last().text.append(piece);
    size += piece.length();
  }

  /** Returns the approximate number of characters so far. */
  public long size() {
    return size;
  }

  private Growing last() {
    return blocks.get(blocks.size() - 1);
  }

  /** Forgets the message; later events are ignored. */
  public void giveUp() {
    givenUp = true;
    start = null;
    blocks.clear();
  }

  /** Returns whether the message has begun. */
  public boolean isStarted() {
    return start != null;
  }

  /** Returns whether the message is complete. */
  public boolean isComplete() {
    return stopped;
  }

  /** Returns the failure that ended the message, or null. */
  public AnthropicException failure() {
    return failure == null ? null : new AnthropicException(failure.type(), failure.message());
  }

  /**
   * Returns the message as JSON.
   *
   * @throws IllegalStateException before the message {@linkplain #isComplete is complete}
   */
  public byte[] json() {
    if (!stopped) {
      throw new IllegalStateException("the message is not complete");
    }
    JsonBytes out = new JsonBytes(1024);
    out.raw(ID).stringOrNull(start.id()).raw(MODEL).stringOrNull(start.model()).raw(CONTENT);
    boolean first = true;
    for (Growing block : blocks) {
      if (isWhole(block)) {
        out.raw(first ? new byte[0] : COMMA);
        write(block, out);
        first = false;
      }
    }
    out.raw(STOP_REASON).stringOrNull(end.stopReason());
    out.raw(STOP_SEQUENCE).stringOrNull(end.stopSequence()).raw(USAGE);
    UsageJson.write(end.usage(), out);
    if (end.safeguardResults() != null) {
      out.raw(SAFEGUARD_RESULTS).raw(end.safeguardResults());
    }
    return out.raw(CLOSE).toByteArray();
  }

  /**
   * Returns whether a block can be part of a whole message. A stream can carry a call that
   * max_tokens has cut off, but a whole message has no form for half an object, and a completed one
   * might be run.
   */
  private static boolean isWhole(Growing block) {
    boolean isCall =
        block.start instanceof Event.ToolUseStart
            || block.start instanceof Event.ServerToolUseStart;
    return !isCall || Json.isObject(RawJson.of(block.text.toString()));
  }

  private static void write(Growing block, JsonBytes out) {
    if (block.start instanceof Event.TextStart) {
      out.raw("{\"type\":\"text\",\"text\":\"").string(block.text).raw("\"}");
    } else if (block.start instanceof Event.ThinkingStart) {
      out.raw("{\"type\":\"thinking\",\"thinking\":\"").string(block.text);
      out.raw("\",\"signature\":").stringOrNull(block.signature).raw("}");
    } else if (block.start instanceof Event.ToolUseStart tool) {
      out.raw("{\"type\":\"tool_use\",\"id\":").stringOrNull(tool.id());
      out.raw(",\"name\":").stringOrNull(tool.name());
      out.raw(",\"input\":").raw(block.text.toString()).raw("}");
    } else if (block.start instanceof Event.ServerToolUseStart tool) {
      out.raw("{\"type\":\"server_tool_use\",\"id\":").stringOrNull(tool.id());
      out.raw(",\"name\":").stringOrNull(tool.name());
      out.raw(",\"input\":").raw(block.text.toString());
      out.raw(",\"caller\":{\"type\":\"direct\"}}");
    } else if (block.start instanceof Event.OtherStart other) {
      out.raw(other.json());
    }
  }
}
