package io.caravan.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Looks at eight bytes of a buffer at once, as one number whose lowest byte is the first of them. A
 * mark is the highest bit of a byte. The lowest mark is always right; the marks above it may be
 * false (Hacker's Delight, 6-1).
 */
public final class EightBytes {
  /** The highest bit of each byte: a mark, or the sign of a byte that isn't ASCII. */
  static final long HIGH = 0x8080808080808080L;

  private static final long ONES = 0x0101010101010101L;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private EightBytes() {}

  /** Returns the eight bytes that begin at an index. The buffer must hold as many. */
  public static long at(byte[] buffer, int index) {
    return (long) LONGS.get(buffer, index);
  }

  /** Returns a number that holds the same byte eight times. */
  public static long each(char ascii) {
    return ascii * ONES;
  }

  /** Marks the bytes that are equal in both numbers. */
  public static long same(long eight, long each) {
    long zeroWhereSame = eight ^ each;
    return (zeroWhereSame - ONES) & ~zeroWhereSame & HIGH;
  }

  /** Marks the ASCII bytes that are less than those of the other number. */
  static long less(long eight, long each) {
    return (eight - each) & ~eight & HIGH;
  }
}
