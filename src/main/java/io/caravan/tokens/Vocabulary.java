package io.caravan.tokens;

/** The byte-pair encoding that texts are counted in. Safe to use from several threads. */
interface Vocabulary {
  /**
   * The exact number of tokens of a text, in which the names of special tokens are ordinary text.
   *
   * @param text without unpaired surrogates
   */
  int count(String text);

  /** The name it goes by, for example {@code cl100k_base}. */
  String name();

  /** Whether a combining mark belongs to the word before it, as it does in o200k, not cl100k. */
  default boolean marksAreLetters() {
    return false;
  }
}
