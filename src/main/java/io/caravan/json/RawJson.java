package io.caravan.json;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A JSON value as the bytes in which it arrived: valid UTF-8, not decoded. It points into the
 * buffer it was read from, so that a tool's schema or a call's arguments are copied once on their
 * way from the client's request to the upstream's.
 */
public final class RawJson {
  /** No JSON: what is left of a body that is no longer needed. */
  public static final RawJson EMPTY = new RawJson(new byte[0], 0, 0);

  private final byte[] buffer;
  private final int offset;
  private final int length;

  public RawJson(byte[] buffer, int offset, int length) {
    this.buffer = buffer;
    this.offset = offset;
    this.length = length;
  }

  public static RawJson of(String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    return new RawJson(bytes, 0, bytes.length);
  }

  /**
   * Returns the buffer that holds the value and much else: read it only from {@link #offset()} on.
   */
  public byte[] buffer() {
    return buffer;
  }

  public int offset() {
    return offset;
  }

  /** Returns the length in bytes. */
  public int length() {
    return length;
  }

  public void writeTo(OutputStream out) throws IOException {
    out.write(buffer, offset, length);
  }

  /** Returns the JSON text, which {@code marshal: json} copies unchanged. */
  @Override
  @JsonValue
  @JsonRawValue
  public String toString() {
    return new String(buffer, offset, length, StandardCharsets.UTF_8);
  }
}
