package io.caravan.tokens;

/** The classes of characters that the patterns of vocabularies distinguish. */
final class CharacterClass {
  static final byte SYMBOL = 0;
  static final byte LETTER = 1;
  static final byte DIGIT = 2;

  /** U+0020. */
  static final byte SPACE = 3;

  /** White space other than U+0020 and line breaks. */
  static final byte BLANK = 4;

  /** CR and LF. */
  static final byte NEWLINE = 5;

  private static final byte[] BMP = new byte[1 << 16];

  static {
    for (int codePoint = 0; codePoint < BMP.length; codePoint++) {
      BMP[codePoint] = find(codePoint);
    }
  }

  private CharacterClass() {}

  static byte ofBmp(int codePoint) {
    return BMP[codePoint];
  }

  static byte of(int codePoint) {
    return codePoint < BMP.length ? BMP[codePoint] : find(codePoint);
  }

  private static byte find(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.UPPERCASE_LETTER,
          Character.LOWERCASE_LETTER,
          Character.TITLECASE_LETTER,
          Character.MODIFIER_LETTER,
          Character.OTHER_LETTER ->
          LETTER;
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> DIGIT;
      default -> whiteSpace(codePoint);
    };
  }

  /** Classifies by Unicode's White_Space, which differs from both of Java's definitions. */
  private static byte whiteSpace(int codePoint) {
    if (codePoint == ' ') {
      return SPACE;
    }
    if (codePoint == '\n' || codePoint == '\r') {
      return NEWLINE;
    }
    boolean blank =
        (codePoint >= '\t' && codePoint <= '\r')
            || codePoint == 0x85
            || Character.isSpaceChar(codePoint);
    return blank ? BLANK : SYMBOL;
  }
}
