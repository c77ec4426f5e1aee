package io.caravan.tokens;

import java.nio.charset.StandardCharsets;

/**
 * Byte-pair encoding of cl100k_base over the bytes of a text, for its number of tokens only: no
 * object is made for a piece, and a piece that is a token of its own, as most words are, costs one
 * look into a table.
 */
final class FastVocabulary implements Vocabulary {
  static final String NAME = "cl100k_base";

  private final TokenTable tokens;
  private final PairTable pairs;

  private FastVocabulary(TokenTable tokens, PairTable pairs) {
    this.tokens = tokens;
    this.pairs = pairs;
  }

  /** Reads the vocabulary. */
  static FastVocabulary load() {
    RankFile file = RankFile.read(NAME);
    TokenTable tokens = TokenTable.of(file);
    return new FastVocabulary(tokens, PairTable.of(file, tokens));
  }

  @Override
  public int count(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    Cl100kPieces pieces = new Cl100kPieces(utf8);
    PairMerger merger = null;
    int count = 0;
    int from = 0;
    while (from < utf8.length) {
      int to = pieces.endOfPiece(from);
      if (to - from == 1 || tokens.contains(utf8, from, to)) {
        count++;
      } else {
        if (merger == null) {
          merger = new PairMerger(pairs);
        }
        count += merger.count(utf8, from, to);
      }
      from = to;
    }
    return count;
  }

  @Override
  public String name() {
    return NAME;
  }
}
