package io.caravan.tokens;

/** The byte-pair encoding that texts are counted in. It is safe to use from several threads. */
interface Vocabulary {
  /**
   * Returns the exact number of tokens of a text, in which the names of special tokens are ordinary
   * text.
   *
   * @param text the text, without unpaired surrogates
   */
  int count(String text);

  /** Returns the encoding's name, for example {@code cl100k_base}. */
  String name();

  /**
   * Returns whether a combining mark belongs to the word before it. It does in o200k and doesn't in
   * cl100k.
   */
  default boolean marksAreLetters() {
    return false;
  }
}
