package io.caravan.exchange;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorType;
import io.caravan.http.UpstreamCall;
import io.caravan.http.UpstreamIoException;
import io.caravan.http.loop.LoopThreads;
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
 * The open stream of an upstream, as the Split EIP reads it: each part has the payloads of one
 * read. The splitter looks one element ahead, so {@link #hasNext} never blocks and {@link #next}
 * returns null at the end; with a blocking look-ahead every token would go out one token late. The
 * splitter closes the stream.
 */
public final class UpstreamStream implements Iterator<SsePayloads>, Closeable {
  /** The buffer's size. A read gives at most one chunk of HTTP, which is a token in a stream. */
  private static final int BUFFER = 4 * 1024;

  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

  /**
   * The wait for the end of a response whose last event has come. A connection that was read to the
   * end can be used again.
   */
  private static final Duration GRACE = Duration.ofMillis(500);

  /** The wait for the end of a stream that has given its finish reason and its usage. */
  private static final Duration COUNTED_GRACE = Duration.ofSeconds(1);

  /** The wait for the usage behind a finish reason, if none is set. */
  private static final Duration FINISH_GRACE = Duration.ofSeconds(5);

  /**
   * The most payloads in a part. More would not make a pass through the route cheaper, and the
   * first of them would wait.
   */
  private static final int MAX_PAYLOADS = 256;

  /** The most reads for a part, so that comments without end don't hold payloads back. */
  private static final int MAX_READS = 2 * MAX_PAYLOADS;

  /**
   * The bytes after which a part is complete. A client that has stopped reading holds its part, the
   * chunks and the events made of it, so many stalled clients must not hold much each.
   */
  private static final int MAX_BYTES = 64 * 1024;

  /** The most bytes to make room for at once; a part seldom has more. */
  private static final int MAX_EXPECTED = 64 * 1024;

  private final UpstreamCall call;
  private final SseFrames frames = new SseFrames(this::add);
  private final byte[] buffer = new byte[BUFFER];
  private final Deque<SsePayloads> readAhead = new ArrayDeque<>(2);
  private SsePayloads part = new SsePayloads();
  private final Duration finishGrace;
  private RuntimeException failure;
  private boolean done;
  private boolean complete;
  private boolean counted;
  private boolean ended;
  private volatile Runnable closed = () -> {};
  private final LargeParts.Share share = LargeParts.OF_THE_PROCESS.share();

  /**
   * Makes a stream.
   *
   * @param call a call whose response is open
   */
  public UpstreamStream(UpstreamCall call) {
    this(call, FINISH_GRACE);
  }

  /**
   * Makes a stream.
   *
   * @param call a call whose response is open
   * @param finishGrace the longest wait for the usage and the end behind a finish reason
   */
  public UpstreamStream(UpstreamCall call, Duration finishGrace) {
    this.call = call;
    this.finishGrace = finishGrace;
  }

  private void add(byte[] bytes, int offset, int length, boolean named) {
    part.payload(bytes, offset, length, named);
    if (Arrays.equals(bytes, offset, offset + length, DONE, 0, DONE.length)) {
      complete();
    }
  }

  /**
   * Marks the stream as complete: from then on, a connection that breaks or stays silent is no
   * failure. It happens by itself at {@code [DONE]}; at the last event of another protocol {@link
   * Attempt#completed} does it.
   */
  void complete() {
    if (!complete) {
      complete = true;
      done = true;
      call.endWithin(GRACE);
    }
  }

  /**
   * Marks the completion as finished: only its usage and the end of the stream are missing. Some
   * upstreams then keep the connection open with comments (maximhq/bifrost#6784), so that the wait
   * is limited from here on. As in {@link #complete}, a broken connection is no failure any more.
   *
   * @param usage whether the usage has come, so that the wait becomes shorter
   * @param more whether content came behind the finish reason, so that the wait begins anew
   */
  public void finished(boolean usage, boolean more) {
    if (complete || (done && !more && (counted || !usage))) {
      return;
    }
    done = true;
    counted |= usage;
    boolean shorter = counted && COUNTED_GRACE.compareTo(finishGrace) < 0;
    call.endWithin(shorter ? COUNTED_GRACE : finishGrace);
  }

  @Override
  public boolean hasNext() {
    return !ended || !readAhead.isEmpty();
  }

  /**
   * Returns the payloads of the next read, at least one; null at the end. Blocks until there are
   * some.
   *
   * @throws UpstreamIoException if the stream was cut off, or the call aborted
   * @throws MalformedStreamException if a payload is too long
   */
  @Override
  public SsePayloads next() {
    SsePayloads ahead = readAhead.poll();
    if (ahead != null) {
      return ahead;
    }
    try {
      SsePayloads part = LoopThreads.reading(this::read);
      if (part == null) {
        LoopThreads.leave();
      }
      return part;
    } catch (UpstreamIoException | MalformedStreamException | AnthropicException e) {
      LoopThreads.leave();
      // The splitter asks on after a failure, and would take a null for a part.
      ended = true;
      throw e;
    }
  }

  /** Reads the next part, which {@link #next} will return; null at the end. Throws as that does. */
  public SsePayloads peek() {
    SsePayloads part = read();
    if (part != null) {
      readAhead.add(part);
    }
    return part;
  }

  private SsePayloads read() {
    // The part before this one has been written.
    hold();
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
    hold();
  }

  /**
   * Counts the bytes of a large part, and waits for room for it.
   *
   * @throws AnthropicException if there was none in time
   */
  private void hold() {
    if (!share.hold(part.bytes() + frames.kept())) {
      ended = true;
      throw new AnthropicException(
          ErrorType.OVERLOADED, "Too many large parts of completions are under way");
    }
  }

  /** Reads on after the last event. A timeout or a broken connection counts as the end. */
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

  /** Adds the payloads that have already come, so that they pass through the route together. */
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
      // The payloads before it count; the next read throws the failure.
      failure = e;
    }
  }

  private boolean mayRead(int reads) {
    return !ended && part.size() < MAX_PAYLOADS && part.bytes() < MAX_BYTES && reads < MAX_READS;
  }

  /** Sets an action that runs when the stream is closed; it may run more than once. */
  void whenClosed(Runnable action) {
    closed = action;
  }

  /** Returns the call behind the stream. */
  public UpstreamCall call() {
    return call;
  }

  @Override
  public void close() {
    ended = true;
    readAhead.clear();
    share.close();
    call.close();
    closed.run();
  }
}
