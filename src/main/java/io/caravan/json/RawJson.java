package io.caravan.json;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A JSON value as the bytes it arrived in: UTF-8, valid, not decoded. It points into the buffer it
 * was read from, so that a tool's schema or a call's arguments travel from the request of the
 * client to that of the upstream as one copy.
 */
public final class RawJson {
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
   * The buffer that holds the value, and much else beside it: read only from {@link #offset()} on.
   */
  public byte[] buffer() {
    return buffer;
  }

  public int offset() {
    return offset;
  }

  /** Length in bytes. */
  public int length() {
    return length;
  }

  public void writeTo(OutputStream out) throws IOException {
    out.write(buffer, offset, length);
  }

  /** The JSON text. */
  @Override
  public String toString() {
    return new String(buffer, offset, length, StandardCharsets.UTF_8);
  }
}
