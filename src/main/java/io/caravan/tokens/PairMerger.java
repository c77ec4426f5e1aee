package io.caravan.tokens;

import java.util.Arrays;

/**
 * Merges a piece's bytes into tokens, always the neighbours whose token has the lowest rank, the
 * leftmost first. For one thread.
 */
final class PairMerger {
  /** Longer pieces take a heap: searching all pairs for the best grows with the square. */
  private static final int SMALL = 48;

  private final PairTable pairs;
  private final int[] tokens = new int[SMALL];
  private final int[] ranks = new int[SMALL];

  PairMerger(PairTable pairs) {
    this.pairs = pairs;
  }

  /** The number of tokens of a piece of at least two bytes. */
  int count(byte[] bytes, int from, int to) {
    return to - from <= SMALL
        ? small(bytes, from, to - from)
        : new LargePiece(pairs, Arrays.copyOfRange(bytes, from, to)).count();
  }

  private int small(byte[] bytes, int from, int length) {
    int count = length;
    for (int i = 0; i < length; i++) {
      tokens[i] = pairs.ofByte(bytes[from + i]);
    }
    for (int i = 0; i + 1 < length; i++) {
      ranks[i] = pairs.ofBytes(bytes[from + i], bytes[from + i + 1]);
    }
    while (count > 1) {
      int best = lowest(count - 1);
      if (ranks[best] == PairTable.NONE) {
        break;
      }
      tokens[best] = ranks[best];
      count--;
      for (int i = best + 1; i < count; i++) {
        tokens[i] = tokens[i + 1];
        ranks[i - 1] = ranks[i];
      }
      if (best > 0) {
        ranks[best - 1] = pairs.of(tokens[best - 1], tokens[best]);
      }
      if (best + 1 < count) {
        ranks[best] = pairs.of(tokens[best], tokens[best + 1]);
      }
    }
    return count;
  }

  private int lowest(int pairCount) {
    int best = 0;
    for (int i = 1; i < pairCount; i++) {
      if (ranks[i] < ranks[best]) {
        best = i;
      }
    }
    return best;
  }
}
