package io.caravan.load;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** One connection to the {@link FastUpstream}: reads requests and writes responses. */
final class UpstreamConnection implements EventLoop.Handler {
  private static final byte[] STREAM = "\"stream\":true".getBytes(StandardCharsets.US_ASCII);
  private final FastUpstream upstream;
  private final SocketChannel channel;
  private byte[] request = new byte[8192];
  private int length;
  private ByteBuffer unsent = ByteBuffer.allocate(0);
  private boolean gone;

  UpstreamConnection(FastUpstream upstream, SocketChannel channel) {
    this.upstream = upstream;
    this.channel = channel;
  }

  @Override
  public void ready(SelectionKey key) throws IOException {
    if (key.isWritable()) {
      flush();
    }
    if (key.isReadable()) {
      read();
    }
  }

  @Override
  public void failed(IOException why) {
    gone = true;
    try {
      channel.close();
    } catch (IOException e) {
      // The client has gone already.
    }
  }

  boolean isGone() {
    return gone;
  }

  /** Sends as many bytes as the connection accepts now and keeps the rest for later. */
  void send(byte[] bytes) throws IOException {
    if (unsent.hasRemaining()) {
      ByteBuffer longer = ByteBuffer.allocate(unsent.remaining() + bytes.length);
      unsent = longer.put(unsent).put(bytes).flip();
    } else {
      unsent = ByteBuffer.wrap(bytes);
    }
    flush();
  }

  private void flush() throws IOException {
    channel.write(unsent);
    channel
        .keyFor(upstream.selector)
        .interestOps(
            unsent.hasRemaining()
                ? SelectionKey.OP_READ | SelectionKey.OP_WRITE
                : SelectionKey.OP_READ);
  }

  private void read() throws IOException {
    if (length == request.length) {
      request = Arrays.copyOf(request, length * 2);
    }
    int count = channel.read(ByteBuffer.wrap(request, length, request.length - length));
    if (count < 0) {
      throw new EOFException();
    }
    length += count;
    int body = bodyStart();
    if (body < 0) {
      return;
    }
    String head = new String(request, 0, body, StandardCharsets.US_ASCII);
    boolean chunked = head.toLowerCase(Locale.ROOT).contains("transfer-encoding: chunked");
    if (chunked ? endsWithLastChunk() : length >= body + contentLength(head)) {
      answer(head);
      length = 0;
    }
  }

  private void answer(String head) throws IOException {
    if (head.startsWith("GET ")) {
      send(Answers.models());
      return;
    }
    Tokens.Order order = Tokens.Order.in(request, length);
    if (!asksForStream()) {
      send(upstream.wholeCompletion(order.events()));
    } else if (order.intervalMicros() == 0) {
      send(upstream.wholeStream(order.events()));
    } else {
      send(Answers.STREAM_HEAD);
      send(Answers.ROLE);
      upstream.schedule(new PacedStream(this, order));
    }
  }

  /** Returns whether the request is for a stream, with or without spaces after the colon. */
  private boolean asksForStream() {
    int matched = 0;
    for (int i = 0; i < length; i++) {
      if (request[i] == ' ') {
        continue;
      }
      matched = request[i] == STREAM[matched] ? matched + 1 : request[i] == STREAM[0] ? 1 : 0;
      if (matched == STREAM.length) {
        return true;
      }
    }
    return false;
  }

  private int bodyStart() {
    for (int i = 3; i < length; i++) {
      if (request[i] == '\n' && request[i - 2] == '\n') {
        return i + 1;
      }
    }
    return -1;
  }

  private boolean endsWithLastChunk() {
    return new String(
            request, Math.max(0, length - 7), Math.min(7, length), StandardCharsets.US_ASCII)
        .endsWith("\r\n0\r\n\r\n");
  }

  private static int contentLength(String head) {
    int at = head.toLowerCase(Locale.ROOT).indexOf("content-length:");
    return at < 0 ? 0 : Integer.parseInt(head.substring(at + 15, head.indexOf('\r', at)).strip());
  }
}
