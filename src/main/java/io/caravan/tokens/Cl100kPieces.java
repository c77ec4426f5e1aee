package io.caravan.tokens;

/**
 * Cuts a text into the pieces that cl100k_base encodes one by one. OpenAI's pattern
 * (openai/tiktoken, {@code tiktoken_ext/openai_public.py}), in its order:
 *
 * <pre>
 * '(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+
 *   |\s++$|\s*[\r\n]|\s+(?!\S)|\s
 * </pre>
 *
 * <p>Letters and numbers are those that the running JVM knows.
 */
final class Cl100kPieces {
  private final byte[] text;

  /**
   * @param text valid UTF-8
   */
  Cl100kPieces(byte[] text) {
    this.text = text;
  }

  /** Where the piece ends that begins at a place before the end of the text. */
  int endOfPiece(int from) {
    byte kind = kind(from);
    int second = from + width(from);
    if (kind == Kinds.LETTER) {
      return endOfLetters(second);
    }
    if (kind == Kinds.DIGIT) {
      return endOfDigits(second);
    }
    if (second < text.length && kind != Kinds.NEWLINE) {
      int contraction = text[from] == '\'' ? endOfContraction(second) : -1;
      if (contraction > 0) {
        return contraction;
      }
      byte secondKind = kind(second);
      if (secondKind == Kinds.LETTER) {
        return endOfLetters(second + width(second));
      }
      if (kind == Kinds.SPACE && secondKind == Kinds.SYMBOL) {
        return endOfSymbols(second + width(second));
      }
    }
    return kind == Kinds.SYMBOL ? endOfSymbols(second) : endOfBlanks(from);
  }

  /** Where 's, 't, 'm, 'd, 'll, 've or 're ends, in any case; -1 where there is none. */
  private int endOfContraction(int at) {
    int first = lower(at);
    if (first == 's' || first == 't' || first == 'm' || first == 'd') {
      return at + 1;
    }
    if (at + 1 < text.length) {
      int second = lower(at + 1);
      if ((first == 'l' && second == 'l') || (second == 'e' && (first == 'v' || first == 'r'))) {
        return at + 2;
      }
      // U+017F, the long s, is an s of another case.
      if (text[at] == (byte) 0xC5 && text[at + 1] == (byte) 0xBF) {
        return at + 2;
      }
    }
    return -1;
  }

  private int lower(int at) {
    byte b = text[at];
    return b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b;
  }

  private int endOfLetters(int at) {
    int i = at;
    while (i < text.length && kind(i) == Kinds.LETTER) {
      i += width(i);
    }
    return i;
  }

  private int endOfDigits(int at) {
    int i = at;
    for (int digits = 1; digits < 3 && i < text.length && kind(i) == Kinds.DIGIT; digits++) {
      i += width(i);
    }
    return i;
  }

  private int endOfSymbols(int at) {
    int i = at;
    while (i < text.length && kind(i) == Kinds.SYMBOL) {
      i += width(i);
    }
    while (i < text.length && kind(i) == Kinds.NEWLINE) {
      i++;
    }
    return i;
  }

  /**
   * White space ends after its last line break; without one, before its last character, which then
   * begins the next piece, unless the text or the white space itself ends there.
   */
  private int endOfBlanks(int from) {
    int afterNewline = -1;
    int last = from;
    int i = from;
    while (i < text.length) {
      byte kind = kind(i);
      if (kind == Kinds.NEWLINE) {
        afterNewline = i + 1;
      } else if (kind != Kinds.SPACE && kind != Kinds.BLANK) {
        break;
      }
      last = i;
      i += width(i);
    }
    if (afterNewline > 0) {
      return afterNewline;
    }
    return i == text.length || last == from ? i : last;
  }

  private byte kind(int at) {
    byte b = text[at];
    return b >= 0 ? Kinds.ofBmp(b) : kindOfCodePoint(at);
  }

  private byte kindOfCodePoint(int at) {
    int b = text[at] & 0xFF;
    if (b < 0xE0) {
      return Kinds.ofBmp((b & 0x1F) << 6 | (text[at + 1] & 0x3F));
    }
    if (b < 0xF0) {
      return Kinds.ofBmp((b & 0x0F) << 12 | (text[at + 1] & 0x3F) << 6 | (text[at + 2] & 0x3F));
    }
    return Kinds.of(
        (b & 0x07) << 18
            | (text[at + 1] & 0x3F) << 12
            | (text[at + 2] & 0x3F) << 6
            | (text[at + 3] & 0x3F));
  }

  /** Bytes of the character that begins at a place. */
  private int width(int at) {
    byte b = text[at];
    if (b >= 0) {
      return 1;
    }
    int first = b & 0xFF;
    return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  }
}
