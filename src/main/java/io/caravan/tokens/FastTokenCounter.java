package io.caravan.tokens;

/**
 * Counts in cl100k_base with Caravan's own byte-pair encoder: the same numbers as {@link
 * JtokkitTokenCounter}, of which it is a quicker replacement. It takes the vocabulary from
 * jtokkit's jar, and 10 MB of heap.
 */
public final class FastTokenCounter extends SegmentTokenCounter {
  @Override
  Vocabulary loadVocabulary() {
    return FastVocabulary.load();
  }
}
