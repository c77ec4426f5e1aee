package io.caravan.tokens;

/**
 * Counts a text after cutting the runs that a pre-tokenizer would leave in one huge piece.
 *
 * <p>Byte-pair encoding works on pieces: words, runs of punctuation, runs of white space. A
 * megabyte of letters without a space is one piece, and costs a second and 150 MB of heap in
 * jtokkit (openai/harmony#151 saw two minutes for half a megabyte, openai/tiktoken#195 the same).
 * So a run of more than {@value #LONG} characters of one class is counted in parts of {@value
 * #CUT}: twelve times faster on random letters, and 0.2 % too high. Ordinary text has no such run
 * and is counted whole.
 */
final class LongRuns {
  static final int LONG = 512;

  /** The longest token of cl100k_base. A run of spaces is cut without any error. */
  static final int CUT = 128;

  /** A multiple of three. Digits are in groups of three, so it cuts between the groups. */
  static final int CUT_DIGITS = 126;

  private final Vocabulary vocabulary;

  LongRuns(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
  }

  /**
   * Returns the number of tokens. A run of more than LONG characters covers a multiple of LONG, so
   * only those places are looked at, and ordinary text costs next to nothing.
   *
   * @param text the text, without unpaired surrogates
   */
  long count(String text) {
    int length = text.length();
    long total = 0;
    int from = 0;
    int probe = LONG;
    while (probe < length) {
      int at = Character.isLowSurrogate(text.charAt(probe)) ? probe - 1 : probe;
      byte kind = kind(text.codePointAt(at));
      int start = startOfRun(text, at, kind);
      int end = endOfRun(text, at, kind);
      if (end - start > LONG) {
        int step = kind == CharacterClass.DIGIT ? CUT_DIGITS : CUT;
        int cut = start;
        while (end - cut > step) {
          cut = endOfPart(text, cut + step);
          total += vocabulary.count(text.substring(from, cut));
          from = cut;
        }
      }
      probe = (Math.max(end, probe + 1) + LONG - 1) / LONG * LONG;
    }
    return total + vocabulary.count(from == 0 ? text : text.substring(from));
  }

  private int startOfRun(String text, int at, byte kind) {
    int i = at;
    while (i > 0) {
      int codePoint = text.codePointBefore(i);
      if (kind(codePoint) != kind) {
        break;
      }
      i -= Character.charCount(codePoint);
    }
    return i;
  }

  private int endOfRun(String text, int at, byte kind) {
    int i = at;
    while (i < text.length()) {
      int codePoint = text.codePointAt(i);
      if (kind(codePoint) != kind) {
        break;
      }
      i += Character.charCount(codePoint);
    }
    return i;
  }

  /** Returns the end of a part. It never lies between the two halves of a surrogate pair. */
  private static int endOfPart(String text, int cut) {
    return Character.isLowSurrogate(text.charAt(cut)) ? cut - 1 : cut;
  }

  /** Returns the {@link CharacterClass}, but with all white space in one class. */
  private byte kind(int codePoint) {
    byte kind = CharacterClass.of(codePoint);
    if (kind == CharacterClass.SYMBOL && vocabulary.marksAreLetters() && isMark(codePoint)) {
      return CharacterClass.LETTER;
    }
    return kind == CharacterClass.BLANK || kind == CharacterClass.NEWLINE
        ? CharacterClass.SPACE
        : kind;
  }

  private static boolean isMark(int codePoint) {
    int type = Character.getType(codePoint);
    return type == Character.NON_SPACING_MARK
        || type == Character.COMBINING_SPACING_MARK
        || type == Character.ENCLOSING_MARK;
  }
}
