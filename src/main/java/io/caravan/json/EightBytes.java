package io.caravan.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Looks at eight bytes of a buffer at once, as one number whose lowest byte is the first of them. A
 * byte that is sought is marked by its highest bit; of the marks the lowest is true, those above it
 * need not be (Hacker's Delight, 6-1).
 */
public final class EightBytes {
  /** The highest bit of each byte: a mark, or a byte that is no ASCII. */
  static final long HIGH = 0x8080808080808080L;

  private static final long ONES = 0x0101010101010101L;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private EightBytes() {}

  /** Those from an index on; there must be eight. */
  public static long at(byte[] buffer, int index) {
    return (long) LONGS.get(buffer, index);
  }

  /** Eight times the same byte. */
  public static long each(char ascii) {
    return ascii * ONES;
  }

  /** Marks the bytes that are the same in both. */
  public static long same(long eight, long each) {
    long zeroWhereSame = eight ^ each;
    return (zeroWhereSame - ONES) & ~zeroWhereSame & HIGH;
  }

  /** Marks the bytes that are less, of those that are ASCII. */
  static long less(long eight, long each) {
    return (eight - each) & ~eight & HIGH;
  }
}
