package io.caravan.tokens;

/**
 * Merges a long piece in n log n steps: a heap of pairs, and a list of the tokens that are left.
 */
final class LargePiece {
  private final PairTable pairs;
  private final int[] tokens;
  private final int[] next;
  private final int[] previous;

  /** By the place of its left token, the rank of the pair that is current; NONE where it's gone. */
  private final int[] ranks;

  /** Rank and place in one number, so that the lowest is the leftmost of the lowest rank. */
  private final LongHeap heap;

  LargePiece(PairTable pairs, byte[] bytes) {
    this.pairs = pairs;
    heap = new LongHeap(bytes.length);
    tokens = new int[bytes.length];
    next = new int[bytes.length];
    previous = new int[bytes.length];
    ranks = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      tokens[i] = pairs.ofByte(bytes[i]);
      next[i] = i + 1;
      previous[i] = i - 1;
    }
    for (int i = 0; i < bytes.length; i++) {
      update(i);
    }
  }

  int count() {
    int count = tokens.length;
    while (!heap.isEmpty()) {
      long lowest = heap.poll();
      int place = (int) lowest;
      int rank = (int) (lowest >>> 32);
      if (ranks[place] == rank) {
        merge(place, rank);
        count--;
      }
    }
    return count;
  }

  private void merge(int place, int rank) {
    int gone = next[place];
    tokens[place] = rank;
    next[place] = next[gone];
    ranks[gone] = PairTable.NONE;
    if (next[place] < tokens.length) {
      previous[next[place]] = place;
    }
    update(place);
    if (previous[place] >= 0) {
      update(previous[place]);
    }
  }

  /** Looks up the pair that begins at a place. */
  private void update(int place) {
    int rank = PairTable.NONE;
    if (next[place] < tokens.length) {
      rank = pairs.of(tokens[place], tokens[next[place]]);
    }
    ranks[place] = rank;
    if (rank != PairTable.NONE) {
      heap.add((long) rank << 32 | place);
    }
  }
}
