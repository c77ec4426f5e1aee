package io.caravan.tokens;

import java.util.Arrays;

/** Finds the token that two neighbouring tokens make together. */
final class PairTable {
  static final int NONE = Integer.MAX_VALUE;

  private static final long SPREAD = 0x9E3779B97F4A7C15L;
  private static final int RANK_BITS = 17;
  private static final int BITS = 19;
  private static final int MASK = (1 << BITS) - 1;
  private static final int BYTES = 256;

  /** Each the ranks of the two and the rank of the whole, 17 bits each, plus one; 0 is empty. */
  private final long[] entries = new long[1 << BITS];

  private final int[] byteRanks = new int[BYTES];

  /** For pairs of single bytes, with which every piece begins. */
  private final int[] bytePairs = new int[BYTES * BYTES];

  private PairTable() {}

  static PairTable of(RankFile file, TokenTable tokens) {
    PairTable table = new PairTable();
    byte[] bytes = file.bytes();
    Arrays.fill(table.bytePairs, NONE);
    for (int rank = 0; rank < file.size(); rank++) {
      int start = file.start(rank);
      int end = file.end(rank);
      if (end - start == 1) {
        table.byteRanks[bytes[start] & 0xFF] = rank;
      } else if (end - start == 2) {
        table.bytePairs[(bytes[start] & 0xFF) << 8 | (bytes[start + 1] & 0xFF)] = rank;
      }
      for (int middle = start + 1; middle < end; middle++) {
        int left = tokens.rank(bytes, start, middle);
        int right = left < 0 ? -1 : tokens.rank(bytes, middle, end);
        if (right >= 0) {
          table.put(left, right, rank);
        }
      }
    }
    return table;
  }

  private void put(int left, int right, int whole) {
    long key = key(left, right);
    int slot = slot(key);
    while (entries[slot] != 0) {
      slot = (slot + 1) & MASK;
    }
    entries[slot] = (key << RANK_BITS | whole) + 1;
  }

  /** The rank of the token that a byte is. */
  int ofByte(byte b) {
    return byteRanks[b & 0xFF];
  }

  /** The rank of the token that two bytes are, or {@link #NONE}. */
  int ofBytes(byte left, byte right) {
    return bytePairs[(left & 0xFF) << 8 | (right & 0xFF)];
  }

  /** The rank of the token that two tokens make together, or {@link #NONE}. */
  int of(int left, int right) {
    long key = key(left, right);
    int slot = slot(key);
    for (long entry = entries[slot]; entry != 0; entry = entries[slot]) {
      if ((entry - 1) >>> RANK_BITS == key) {
        return (int) (entry - 1) & ((1 << RANK_BITS) - 1);
      }
      slot = (slot + 1) & MASK;
    }
    return NONE;
  }

  private static long key(int left, int right) {
    return (long) left << RANK_BITS | right;
  }

  private static int slot(long key) {
    return (int) ((key * SPREAD) >>> (64 - BITS));
  }
}
