package io.caravan.openai;

import io.caravan.json.EightBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Cuts the bytes of an upstream's stream into the payloads of its server-sent events, independent
 * of where the reads cut the bytes. One instance reads one stream.
 *
 * <p>The rules are those of the WHATWG's "Interpreting an event stream": lines end with LF, CR or
 * CRLF, the space after {@code data:} is optional, data lines of one event are joined by LF,
 * comments, {@code id} and {@code retry} have no effect. Deviations of servers are understood, too:
 *
 * <ul>
 *   <li>the last event counts without the blank line after it;
 *   <li>a line that begins with a brace or bracket is data, with or without a field name: a body
 *       that isn't a stream at all, an error written bare into a stream, and the two-line form
 *       {@code data:\n {json}} (0xPlaygrounds/rig#534);
 *   <li>a data line that begins a new payload ends the one before, if the blank line between them
 *       is missing.
 * </ul>
 *
 * <p>Comments show that the connection is alive, and nothing more: DeepSeek held one open by them
 * for 17 minutes (deepseek-ai/deepseek-harness discussion 6959).
 *
 * <p>A payload that lies within one read is passed on in place, without a copy.
 */
public final class SseFrames {
  /** The longest payload that is accepted, in bytes. */
  static final int MAX_PAYLOAD = 16 * 1024 * 1024;

  /** The largest buffer that is kept after a long payload. */
  private static final int KEPT_BUFFER = 64 * 1024;

  private static final byte[] DATA = ascii("data");
  private static final byte[] EVENT = ascii("event");
  private static final byte[] ID = ascii("id");
  private static final byte[] RETRY = ascii("retry");
  private static final byte[] ERROR = ascii("error");
  private static final byte[] DONE = ascii("[DONE]");
  private static final byte[] BOM = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
  private static final byte[] LINE_FEED = {'\n'};

  private static final long LINE_FEEDS = EightBytes.each('\n');
  private static final long CARRIAGE_RETURNS = EightBytes.each('\r');

  /** Receives the payloads. */
  @FunctionalInterface
  public interface Sink {
    /**
     * Receives one payload.
     *
     * @param buffer the buffer, which holds the payload until this call returns
     * @param named whether the event was named {@code error}
     */
    void payload(byte[] buffer, int offset, int length, boolean named);
  }

  private final Sink sink;
  private final int max;

  /** The beginning of a line whose end has not come yet. */
  private byte[] partial = new byte[512];

  private int partialLength;

  /** The data lines of an event whose end has not come yet. */
  private byte[] data = new byte[512];

  private int dataLength;

  /** One data line in the current read; it replaces {@link #data} as long as that is empty. */
  private byte[] slice;

  private int sliceOffset;
  private int sliceLength;

  private boolean pending;
  private boolean bare;
  private boolean errorNamed;
  private boolean afterCr;
  private boolean firstLine = true;

  public SseFrames(Sink sink) {
    this(sink, MAX_PAYLOAD);
  }

  SseFrames(Sink sink, int max) {
    this.sink = sink;
    this.max = max;
  }

  /**
   * Takes in the bytes of one read.
   *
   * @throws MalformedStreamException if a payload is too long
   */
  public void feed(byte[] buffer, int offset, int length) {
    int at = offset;
    int end = offset + length;
    if (afterCr && at < end) {
      afterCr = false;
      if (buffer[at] == '\n') {
        at++;
      }
    }
    int lineStart = at;
    while (at < end) {
      byte b = buffer[at];
      if (b != '\n' && b != '\r') {
        at = skipText(buffer, at + 1, end);
        continue;
      }
      endOfLine(buffer, lineStart, at);
      at++;
      if (b == '\r') {
        if (at == end) {
          afterCr = true;
        } else if (buffer[at] == '\n') {
          at++;
        }
      }
      lineStart = at;
    }
    keep(buffer, lineStart, end);
  }

  /** Returns how many bytes of an event are kept whose end has not come yet. */
  public int kept() {
    return partialLength + dataLength;
  }

  /** Skips eight bytes at a time as long as none of them can end a line. */
  private static int skipText(byte[] buffer, int from, int end) {
    int at = from;
    while (at + Long.BYTES <= end && !hasLineEnd(EightBytes.at(buffer, at))) {
      at += Long.BYTES;
    }
    return at;
  }

  private static boolean hasLineEnd(long bytes) {
    return (EightBytes.same(bytes, LINE_FEEDS) | EightBytes.same(bytes, CARRIAGE_RETURNS)) != 0;
  }

  /** Takes the end of the stream. The remaining bytes are a last event. */
  public void end() {
    if (partialLength > 0) {
      endOfLine(partial, 0, 0);
    }
    dispatch();
  }

  private void endOfLine(byte[] buffer, int start, int end) {
    if (partialLength == 0) {
      line(buffer, start, end);
      return;
    }
    partial = append(partial, partialLength, buffer, start, end);
    int length = partialLength + end - start;
    partialLength = 0;
    line(partial, 0, length);
    // The line may still be pending, and the buffer is needed for the next one.
    own();
    if (partial.length > KEPT_BUFFER) {
      partial = new byte[512];
    }
  }

  /** Keeps the rest of a read. Nothing points into the read's buffer afterwards. */
  private void keep(byte[] buffer, int start, int end) {
    own();
    if (start < end) {
      partial = append(partial, partialLength, buffer, start, end);
      partialLength += end - start;
    }
  }

  private void own() {
    if (slice != null) {
      data = append(data, 0, slice, sliceOffset, sliceOffset + sliceLength);
      dataLength = sliceLength;
      slice = null;
    }
  }

  private void line(byte[] buffer, int start, int end) {
    int from = start;
    if (firstLine) {
      firstLine = false;
      if (startsWith(buffer, from, end, BOM)) {
        from += BOM.length;
      }
    }
    if (from == end) {
      dispatch();
    } else if (isField(buffer, from, end, DATA)) {
      data(buffer, value(buffer, from + DATA.length, end), end);
    } else if (isField(buffer, from, end, EVENT)) {
      errorNamed = equals(buffer, value(buffer, from + EVENT.length, end), end, ERROR);
    } else if (isBare(buffer, from, end)) {
      data(buffer, from, end);
      bare = true;
    }
  }

  /**
   * Returns whether a line is data without a field name. No field's name begins with a brace or
   * bracket, and such data may span several lines.
   */
  private boolean isBare(byte[] buffer, int start, int end) {
    boolean comment = buffer[start] == ':';
    if (comment || isField(buffer, start, end, ID) || isField(buffer, start, end, RETRY)) {
      return false;
    }
    int first = skipSpace(buffer, start, end);
    return (first < end && (buffer[first] == '{' || buffer[first] == '[')) || (bare && pending);
  }

  private void data(byte[] buffer, int start, int end) {
    if (pending && beginsPayload(buffer, start, end) && endsPayload()) {
      dispatch();
    }
    if (!pending) {
      slice = buffer;
      sliceOffset = start;
      sliceLength = end - start;
      pending = true;
      return;
    }
    own();
    data = append(data, dataLength, LINE_FEED, 0, 1);
    data = append(data, dataLength + 1, buffer, start, end);
    dataLength += 1 + end - start;
  }

  /**
   * Returns whether a line begins a payload. A closing brace followed by an opening one, or by the
   * end mark, never occurs on neighbouring lines of one JSON text: strings hold no line ends.
   */
  private static boolean beginsPayload(byte[] buffer, int start, int end) {
    int first = skipSpace(buffer, start, end);
    return first < end && (buffer[first] == '{' || startsWith(buffer, first, end, DONE));
  }

  private boolean endsPayload() {
    byte[] from = slice != null ? slice : data;
    int start = slice != null ? sliceOffset : 0;
    int last = start + (slice != null ? sliceLength : dataLength) - 1;
    while (last >= start && isSpace(from[last])) {
      last--;
    }
    return last >= start && from[last] == '}';
  }

  private void dispatch() {
    boolean named = errorNamed;
    errorNamed = false;
    if (!pending) {
      return;
    }
    pending = false;
    bare = false;
    byte[] from = slice != null ? slice : data;
    int start = slice != null ? sliceOffset : 0;
    int length = slice != null ? sliceLength : dataLength;
    slice = null;
    dataLength = 0;
    if (skipSpace(from, start, start + length) == start + length) {
      return;
    }
    sink.payload(from, start, length, named);
    if (data.length > KEPT_BUFFER) {
      data = new byte[512];
    }
  }

  private byte[] append(byte[] target, int length, byte[] source, int start, int end) {
    int needed = length + end - start;
    if (needed > max) {
      throw new MalformedStreamException(
          "the upstream sent an event of more than " + max + " bytes");
    }
    byte[] out = target;
    if (needed > target.length) {
      out = Arrays.copyOf(target, Math.min(max, Math.max(needed, target.length * 2)));
    }
    System.arraycopy(source, start, out, length, end - start);
    return out;
  }

  private static boolean isField(byte[] buffer, int start, int end, byte[] name) {
    return startsWith(buffer, start, end, name)
        && (start + name.length == end || buffer[start + name.length] == ':');
  }

  private static int value(byte[] buffer, int colon, int end) {
    int start = Math.min(colon + 1, end);
    return start < end && buffer[start] == ' ' ? start + 1 : start;
  }

  private static boolean equals(byte[] buffer, int start, int end, byte[] text) {
    return end - start == text.length && startsWith(buffer, start, end, text);
  }

  private static boolean startsWith(byte[] buffer, int start, int end, byte[] text) {
    return end - start >= text.length
        && Arrays.equals(buffer, start, start + text.length, text, 0, text.length);
  }

  private static int skipSpace(byte[] buffer, int start, int end) {
    int at = start;
    while (at < end && isSpace(buffer[at])) {
      at++;
    }
    return at;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t' || b == '\n';
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
