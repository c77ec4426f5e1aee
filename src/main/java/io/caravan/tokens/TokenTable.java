package io.caravan.tokens;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Finds the rank of a token by its bytes. Three open-addressing tables, so that a probe reads one
 * cache line and makes no object: tokens of up to 7 bytes are one number, of up to 15 two numbers,
 * each with the length in its highest byte; the few longer ones are compared byte by byte.
 */
final class TokenTable {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long SPREAD = 0x9E3779B97F4A7C15L;
  private static final int SHORT = 7;
  private static final int MIDDLE = 15;

  private static final int SHORT_BITS = 18;
  private static final int MIDDLE_BITS = 16;
  private static final int LONG_BITS = 13;

  private final long[] shortKeys = new long[1 << SHORT_BITS];
  private final int[] shortRanks = new int[1 << SHORT_BITS];
  private final long[] middleKeys = new long[2 << MIDDLE_BITS];
  private final int[] middleRanks = new int[1 << MIDDLE_BITS];
  private final int[] longRanks = new int[1 << LONG_BITS];
  private final RankFile file;

  private TokenTable(RankFile file) {
    this.file = file;
    Arrays.fill(longRanks, -1);
  }

  static TokenTable of(RankFile file) {
    TokenTable table = new TokenTable(file);
    for (int rank = 0; rank < file.size(); rank++) {
      int slot = table.slot(file.bytes(), file.start(rank), file.end(rank));
      int length = file.end(rank) - file.start(rank);
      if (length <= SHORT) {
        table.shortKeys[slot] = word(file.bytes(), file.start(rank), length);
        table.shortRanks[slot] = rank;
      } else if (length <= MIDDLE) {
        table.middleKeys[2 * slot] = (long) LONG.get(file.bytes(), file.start(rank));
        table.middleKeys[2 * slot + 1] = word(file.bytes(), file.start(rank) + 8, length - 8);
        table.middleRanks[slot] = rank;
      } else {
        table.longRanks[slot] = rank;
      }
    }
    return table;
  }

  /** Whether these bytes are one token. */
  boolean contains(byte[] bytes, int from, int to) {
    int length = to - from;
    int slot = slot(bytes, from, to);
    if (length <= SHORT) {
      return shortKeys[slot] != 0;
    }
    return length <= MIDDLE ? middleKeys[2 * slot + 1] != 0 : longRanks[slot] >= 0;
  }

  /** The rank of the token that these bytes are, or -1. */
  int rank(byte[] bytes, int from, int to) {
    int length = to - from;
    int slot = slot(bytes, from, to);
    if (length <= SHORT) {
      return shortKeys[slot] == 0 ? -1 : shortRanks[slot];
    }
    if (length <= MIDDLE) {
      return middleKeys[2 * slot + 1] == 0 ? -1 : middleRanks[slot];
    }
    return longRanks[slot];
  }

  /** Where the token is, or the empty place where it would be. */
  private int slot(byte[] bytes, int from, int to) {
    int length = to - from;
    if (length <= SHORT) {
      return shortSlot(word(bytes, from, length));
    }
    if (length <= MIDDLE) {
      return middleSlot((long) LONG.get(bytes, from), word(bytes, from + 8, length - 8));
    }
    return longSlot(bytes, from, to);
  }

  private int shortSlot(long key) {
    int slot = (int) ((key * SPREAD) >>> (64 - SHORT_BITS));
    while (shortKeys[slot] != 0 && shortKeys[slot] != key) {
      slot = (slot + 1) & ((1 << SHORT_BITS) - 1);
    }
    return slot;
  }

  private int middleSlot(long first, long second) {
    long mixed = ((first * SPREAD) ^ second) * SPREAD;
    int slot = (int) (mixed >>> (64 - MIDDLE_BITS));
    while (middleKeys[2 * slot + 1] != 0
        && (middleKeys[2 * slot] != first || middleKeys[2 * slot + 1] != second)) {
      slot = (slot + 1) & ((1 << MIDDLE_BITS) - 1);
    }
    return slot;
  }

  private int longSlot(byte[] bytes, int from, int to) {
    long mixed = (long) to - from;
    for (int i = from; i + 8 <= to; i += 8) {
      mixed = (mixed ^ (long) LONG.get(bytes, i)) * SPREAD;
      mixed ^= mixed >>> 32;
    }
    mixed = (mixed ^ (long) LONG.get(bytes, to - 8)) * SPREAD;
    int slot = (int) (mixed >>> (64 - LONG_BITS));
    while (longRanks[slot] >= 0 && !isToken(longRanks[slot], bytes, from, to)) {
      slot = (slot + 1) & ((1 << LONG_BITS) - 1);
    }
    return slot;
  }

  private boolean isToken(int rank, byte[] bytes, int from, int to) {
    return Arrays.equals(file.bytes(), file.start(rank), file.end(rank), bytes, from, to);
  }

  /** Up to seven bytes and their number, as one number that isn't zero. */
  private static long word(byte[] bytes, int from, int length) {
    long word = 0;
    if (from + 8 <= bytes.length) {
      word = (long) LONG.get(bytes, from) & ((1L << (8 * length)) - 1);
    } else {
      for (int i = length - 1; i >= 0; i--) {
        word = word << 8 | (bytes[from + i] & 0xFF);
      }
    }
    return word | (long) (length + 1) << 56;
  }
}
