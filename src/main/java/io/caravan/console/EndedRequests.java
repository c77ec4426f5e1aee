package io.caravan.console;

import io.caravan.observe.RequestRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The last requests that have ended. They are kept as bytes, in arrays that are used again: two
 * thousand records of some thirty objects each would be copied by one collection after another, and
 * grow the heap to the most that it may have.
 *
 * <p>Safe for use by several threads.
 */
final class EndedRequests {
  private static final int BLOCK = 256;

  private final List<byte[]> slots = new ArrayList<>();

  /** The slot that is written next, once all are used. */
  private int next;

  /** The bytes of a record. */
  private static final class Written extends ByteArrayOutputStream {
    private static final int USUAL = 1024;

    Written(RequestRecord request) {
      super(USUAL);
      try {
        RecordBytes.write(request, new DataOutputStream(this));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Returns the bytes in an array: that one if they fit into it, else a new one. */
    byte[] in(byte[] slot) {
      byte[] used = slot;
      if (used == null || used.length < count) {
        used = new byte[(count + BLOCK - 1) / BLOCK * BLOCK];
      }
      System.arraycopy(buf, 0, used, 0, count);
      return used;
    }
  }

  /** Adds a request, and forgets the oldest if there would be more than a maximum of 1 or more. */
  void add(RequestRecord request, int maximum) {
    // Not while others wait: it takes longer than all else.
    add(new Written(request), maximum);
  }

  private synchronized void add(Written request, int maximum) {
    if (slots.size() < maximum) {
      slots.add(request.in(null));
      return;
    }
    slots.set(next, request.in(slots.get(next)));
    next = (next + 1) % slots.size();
  }

  /** Returns the requests, the last of them last. */
  synchronized List<RequestRecord> all() {
    List<RequestRecord> all = new ArrayList<>(slots.size());
    for (int i = 0; i < slots.size(); i++) {
      all.add(read(slots.get((next + i) % slots.size())));
    }
    return all;
  }

  /** Returns a request as it would be kept. */
  static RequestRecord asKept(RequestRecord request) {
    return read(new Written(request).in(null));
  }

  private static RequestRecord read(byte[] slot) {
    try {
      return RecordBytes.read(new DataInputStream(new ByteArrayInputStream(slot)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
