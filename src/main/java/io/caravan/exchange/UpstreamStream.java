package io.caravan.exchange;

import io.caravan.http.UpstreamCall;
import io.caravan.http.UpstreamIoException;
import io.caravan.openai.ChunkReader;
import io.caravan.openai.MalformedStreamException;
import io.caravan.openai.SseFrames;
import io.caravan.openai.SsePayloads;
import java.io.Closeable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;

/**
 * The open answer of an upstream as the Split EIP reads it. The splitter looks one element ahead,
 * so {@link #hasNext} never blocks and {@link #next} ends with null: with a blocking look-ahead
 * every token would go out one token late. The splitter closes it.
 */
public final class UpstreamStream implements Iterator<SsePayloads>, Closeable {
  /** A read gives a chunk of HTTP at most, and that is a token where tokens are streamed. */
  private static final int BUFFER = 4 * 1024;

  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

  /** Connections whose answer was read to its end are used again: that is worth a moment. */
  private static final Duration GRACE = Duration.ofMillis(500);

  /** So many make a step through the route cheap enough; the first of them should not wait. */
  private static final int MAX_PAYLOADS = 256;

  /** Comments that never stop must not keep back what came before them. */
  private static final int MAX_READS = 2 * MAX_PAYLOADS;

  /** Bytes that room is made for at once; a part seldom has more. */
  private static final int MAX_EXPECTED = 64 * 1024;

  private final UpstreamCall call;
  private final SseFrames frames = new SseFrames(this::add);
  private final ChunkReader reader = new ChunkReader();
  private final byte[] buffer = new byte[BUFFER];
  private final Deque<SsePayloads> readAhead = new ArrayDeque<>(2);
  private SsePayloads part = new SsePayloads();
  private RuntimeException failure;
  private boolean done;
  private boolean ended;

  public UpstreamStream(UpstreamCall call) {
    this.call = call;
  }

  private void add(byte[] bytes, int offset, int length, boolean named) {
    part.payload(bytes, offset, length, named);
    if (Arrays.equals(bytes, offset, offset + length, DONE, 0, DONE.length)) {
      complete();
    }
  }

  /**
   * The answer is whole, whatever the connection does now: what breaks or stays silent after the
   * last event is no failure. Told from outside where the protocol's last event is another.
   */
  public void complete() {
    if (!done) {
      done = true;
      call.endWithin(GRACE);
    }
  }

  @Override
  public boolean hasNext() {
    return !ended || !readAhead.isEmpty();
  }

  /** What one read brought: at least one payload; null at the end. */
  @Override
  public SsePayloads next() {
    SsePayloads ahead = readAhead.poll();
    if (ahead != null) {
      return ahead;
    }
    try {
      return read();
    } catch (UpstreamIoException | MalformedStreamException e) {
      // The splitter asks on after a failure, and would take a null for a part.
      ended = true;
      throw e;
    }
  }

  /** Reads the next part without taking it out; null at the end. */
  public SsePayloads peek() {
    SsePayloads part = read();
    if (part != null) {
      readAhead.add(part);
    }
    return part;
  }

  private SsePayloads read() {
    while (!ended && part.isEmpty()) {
      readOnce(false);
    }
    gather();
    if (part.isEmpty()) {
      return null;
    }
    call.payloadArrived();
    SsePayloads complete = part;
    part = new SsePayloads();
    return complete;
  }

  private void readOnce(boolean hasCome) {
    if (failure != null && !done) {
      throw failure;
    }
    int count;
    if (done) {
      count = readEnd();
    } else {
      count = hasCome ? call.readMore(buffer, 0) : call.read(buffer, 0);
    }
    if (count < 0) {
      ended = true;
      frames.end();
    } else {
      frames.feed(buffer, 0, count);
    }
  }

  /**
   * After the last event an upstream that holds the connection open, or breaks it, ends as well.
   */
  private int readEnd() {
    if (failure != null) {
      return -1;
    }
    try {
      return call.read(buffer, 0);
    } catch (UpstreamIoException e) {
      return -1;
    }
  }

  /** Adds what has come with it already: one pass through the route for all of it. */
  private void gather() {
    try {
      for (int reads = 0; mayRead(reads); reads++) {
        int more = call.available();
        if (more <= 0) {
          return;
        }
        if (reads == 0) {
          part.expect(Math.min(more, MAX_EXPECTED));
        }
        readOnce(true);
      }
    } catch (UpstreamIoException | MalformedStreamException e) {
      // What came before it counts; the next read tells.
      failure = e;
    }
  }

  private boolean mayRead(int reads) {
    return !ended && part.size() < MAX_PAYLOADS && reads < MAX_READS;
  }

  /** What reads the chunks of this answer, and of no other: it is not for several threads. */
  public ChunkReader reader() {
    return reader;
  }

  /** The call behind it. */
  public UpstreamCall call() {
    return call;
  }

  @Override
  public void close() {
    ended = true;
    readAhead.clear();
    call.close();
  }
}
