package io.caravan.load;

import java.nio.ByteBuffer;
import java.util.Locale;

/** Reads HTTP/1.1 responses from a connection as the bytes come, and hands over their bodies. */
final class ResponseReader {
  private enum State {
    HEAD,
    FIXED,
    CHUNK_SIZE,
    CHUNK,
    CHUNK_END,
    TRAILER,
    UNTIL_CLOSED
  }

  private final TokenReader body;
  private final StringBuilder line = new StringBuilder();
  private State state = State.HEAD;
  private int status;
  private long left;
  private boolean chunked;
  private boolean fixed;
  private boolean last;

  ResponseReader(TokenReader body) {
    this.body = body;
  }

  int status() {
    return status;
  }

  /** Returns whether the server will accept no further request on the connection. */
  boolean isLast() {
    return last;
  }

  /**
   * Reads all bytes up to the end of a response; {@link #reset} prepares for the next one.
   *
   * @return true if the response is complete
   */
  boolean read(ByteBuffer in) {
    while (in.hasRemaining()) {
      boolean complete =
          switch (state) {
            case HEAD -> head(in.get());
            case CHUNK_SIZE -> chunkSize(in.get());
            case CHUNK_END -> chunkEnd(in.get());
            case TRAILER -> trailer(in.get());
            case FIXED, CHUNK, UNTIL_CLOSED -> data(in);
          };
      if (complete) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether the end of the connection is a proper end of the response. */
  boolean mayEndHere() {
    return state == State.UNTIL_CLOSED;
  }

  void reset() {
    state = State.HEAD;
    line.setLength(0);
    status = 0;
    chunked = false;
    fixed = false;
    last = false;
    left = 0;
  }

  private boolean head(byte next) {
    if (next != '\n') {
      line.append((char) next);
      return false;
    }
    String header = line.toString().strip().toLowerCase(Locale.ROOT);
    line.setLength(0);
    if (header.startsWith("http/")) {
      status = Integer.parseInt(header, 9, 12, 10);
    } else if (header.startsWith("content-length:")) {
      left = Long.parseLong(header.substring(15).strip());
      fixed = true;
    } else if (header.startsWith("transfer-encoding:")) {
      chunked = header.endsWith("chunked");
    } else if (header.startsWith("connection:")) {
      last = header.endsWith("close");
    } else if (header.isEmpty()) {
      state = chunked ? State.CHUNK_SIZE : fixed ? State.FIXED : State.UNTIL_CLOSED;
      return fixed && !chunked && left == 0;
    }
    return false;
  }

  private boolean chunkSize(byte next) {
    if (next == '\n') {
      String size = line.toString().strip();
      int extension = size.indexOf(';');
      left = Long.parseLong(extension < 0 ? size : size.substring(0, extension), 16);
      line.setLength(0);
      state = left == 0 ? State.TRAILER : State.CHUNK;
    } else {
      line.append((char) next);
    }
    return false;
  }

  private boolean chunkEnd(byte next) {
    if (next == '\n') {
      state = State.CHUNK_SIZE;
    }
    return false;
  }

  private boolean trailer(byte next) {
    if (next != '\n') {
      line.append((char) next);
      return false;
    }
    boolean end = line.toString().isBlank();
    line.setLength(0);
    return end;
  }

  private boolean data(ByteBuffer in) {
    int length =
        state == State.UNTIL_CLOSED ? in.remaining() : (int) Math.min(left, in.remaining());
    int from = in.arrayOffset() + in.position();
    body.read(in.array(), from, from + length);
    in.position(in.position() + length);
    left -= length;
    if (state == State.CHUNK && left == 0) {
      state = State.CHUNK_END;
    }
    return state == State.FIXED && left == 0;
  }
}
