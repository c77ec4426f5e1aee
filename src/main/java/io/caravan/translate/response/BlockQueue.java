package io.caravan.translate.response;

import io.caravan.anthropic.Event;
import io.caravan.openai.MalformedStreamException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * Lets blocks out one at a time, in the order in which they began, with dense indexes. Upstreams
 * mix the pieces of parallel calls, and text between them; a client takes a delta only of the block
 * that is open (headroomlabs-ai/headroom#2890).
 */
final class BlockQueue {
  /** Characters that wait or are kept until the answer ends. */
  private static final int MAX_KEPT = 16 * 1024 * 1024;

  private final Consumer<Event> sink;
  private final Deque<Segment> segments = new ArrayDeque<>();
  private int nextIndex;
  private long kept;

  BlockQueue(Consumer<Event> sink) {
    this.sink = sink;
  }

  /** How many blocks have gone out, or begun to. */
  int blocks() {
    return nextIndex;
  }

  void add(Segment segment) {
    segments.addLast(segment);
  }

  /** What began last, and may get more; null where nothing is open. */
  Segment last() {
    return segments.peekLast();
  }

  /** Whether a segment is the one that goes out as it grows. */
  boolean isFirst(Segment segment) {
    return segments.peekFirst() == segment;
  }

  /** Lets out what can go. */
  void flush() {
    Segment first = segments.peekFirst();
    while (first != null) {
      first.flush(this);
      if (segments.size() == 1 || !first.isWhole()) {
        return;
      }
      first.close(this);
      segments.removeFirst();
      first = segments.peekFirst();
    }
  }

  /** The first segment; null where there is none. */
  Segment first() {
    return segments.peekFirst();
  }

  /** Ends the first segment's block. */
  void closeFirst() {
    segments.removeFirst().close(this);
  }

  /** Leaves the first segment out, or its block open. */
  void dropFirst() {
    segments.removeFirst();
  }

  /** Gives a segment the next index. */
  int start(Segment segment) {
    segment.start(nextIndex);
    return nextIndex++;
  }

  /** The index of a block that is sent in one go. */
  int next() {
    return nextIndex++;
  }

  void send(Event event) {
    sink.accept(event);
  }

  /**
   * Counts what is kept.
   *
   * @throws MalformedStreamException if that is too much
   */
  void keep(int characters) {
    kept += characters;
    if (kept > MAX_KEPT) {
      throw new MalformedStreamException(
          "the upstream's answer has more than " + MAX_KEPT + " characters that have to wait");
    }
  }
}
