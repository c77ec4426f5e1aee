package io.caravan.openai;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * The {@code data:} payloads that one read brought, in their order. They make up one part of the
 * split.
 */
public final class SsePayloads implements SseFrames.Sink {
  /** The growth of the buffers. A read brings one token or a great many. */
  private static final int GROWTH = 4;

  private byte[] bytes = new byte[1024];
  private int[] ends = new int[8];
  private final BitSet errors = new BitSet(0);
  private final List<Chunk> read = new ArrayList<>(0);
  private int count;

  /** Makes room for payloads of so many more bytes. */
  public void expect(int more) {
    int needed = end(count - 1) + more;
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, needed);
    }
  }

  /** Adds a copy of a payload. */
  @Override
  public void payload(byte[] buffer, int offset, int length, boolean named) {
    if (named) {
      errors.set(count);
    }
    int start = end(count - 1);
    if (start + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * GROWTH, start + length));
    }
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, count * GROWTH);
    }
    System.arraycopy(buffer, offset, bytes, start, length);
    ends[count++] = start + length;
  }

  public int size() {
    return count;
  }

  /** Returns how many bytes the payloads have. */
  public int bytes() {
    return end(count - 1);
  }

  public boolean isEmpty() {
    return count == 0;
  }

  /** Returns the buffer that holds all payloads. */
  public byte[] buffer() {
    return bytes;
  }

  /** Returns the index at which a payload begins in the buffer. */
  public int offset(int index) {
    return end(index - 1);
  }

  /** Returns a payload's length in bytes. */
  public int length(int index) {
    return ends[index] - end(index - 1);
  }

  /** Keeps the chunk of the next payload for later readers. */
  public void keep(Chunk chunk) {
    read.add(chunk);
  }

  /** Returns the chunks of the first payloads, as far as they were kept. */
  public List<Chunk> read() {
    return read;
  }

  /** Returns whether a payload's event was named {@code error}. */
  boolean namedError(int index) {
    return errors.get(index);
  }

  private int end(int index) {
    return index < 0 ? 0 : ends[index];
  }
}
