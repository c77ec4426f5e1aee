package io.caravan.translate.response;

import io.caravan.anthropic.Event;
import io.caravan.openai.MalformedStreamException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * Sends blocks one at a time, in the order in which they began, with consecutive indexes. Upstreams
 * mix the pieces of parallel calls, and text between them, but a client accepts a delta only for
 * the open block (headroomlabs-ai/headroom#2890).
 */
final class BlockQueue {
  /** The most characters that wait, or are kept until the completion ends. */
  private static final int MAX_KEPT = 16 * 1024 * 1024;

  private final Consumer<Event> sink;
  private final Deque<Segment> segments = new ArrayDeque<>();
  private int nextIndex;
  private long kept;

  BlockQueue(Consumer<Event> sink) {
    this.sink = sink;
  }

  /** Returns the number of blocks that have gone out, or begun to. */
  int blocks() {
    return nextIndex;
  }

  void add(Segment segment) {
    segments.addLast(segment);
  }

  /** Returns the segment that began last and may grow; null if none is open. */
  Segment last() {
    return segments.peekLast();
  }

  /** Returns whether a segment is the one that goes out as it grows. */
  boolean isFirst(Segment segment) {
    return segments.peekFirst() == segment;
  }

  /** Sends everything that can go out. */
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

  /** Returns the first segment; null if there is none. */
  Segment first() {
    return segments.peekFirst();
  }

  /** Ends the first segment's block. */
  void closeFirst() {
    segments.removeFirst().close(this);
  }

  /** Drops the first segment, or leaves its block open. */
  void dropFirst() {
    segments.removeFirst();
  }

  /** Gives a segment the next index. */
  int start(Segment segment) {
    segment.start(nextIndex);
    return nextIndex++;
  }

  /** Returns the index of a block that is sent as a whole. */
  int next() {
    return nextIndex++;
  }

  void send(Event event) {
    sink.accept(event);
  }

  /**
   * Counts characters that are kept.
   *
   * @throws MalformedStreamException if they exceed the limit
   */
  void keep(int characters) {
    kept += characters;
    if (kept > MAX_KEPT) {
      throw new MalformedStreamException(
          "the upstream's completion has more than " + MAX_KEPT + " characters that have to wait");
    }
  }
}
