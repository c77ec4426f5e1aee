package io.caravan.json;

/**
 * Goes over a JSON string without decoding it. It finds the end of the string, and whether its
 * bytes can be sent on: its escapes are those of JSON, none names a surrogate, and its UTF-8 is
 * well-formed by Unicode's table 3-7 (Jackson accepts more).
 */
final class StringScan {
  private static final long QUOTES = EightBytes.each('"');
  private static final long BACKSLASHES = EightBytes.each('\\');
  private static final long SPACES = EightBytes.each(' ');

  /** The result of {@link #special} for a byte that makes the string unfit to be sent on. */
  private static final int NONE = 0;

  private final byte[] buffer;
  private int characters;

  StringScan(byte[] buffer) {
    this.buffer = buffer;
  }

  /** Returns the number of Java characters in the string; known after {@link #end}. */
  int characters() {
    return characters;
  }

  /**
   * Finds the end of the string.
   *
   * @param from the index of its opening quote
   * @return the index behind its closing quote, or -1 if the string can't be sent on as it is
   */
  int end(int from) {
    if (from >= buffer.length || buffer[from] != '"') {
      return -1;
    }
    int more = 0;
    for (int i = plain(from + 1); i < buffer.length; i = plain(i)) {
      if (buffer[i] == '"') {
        characters = i - from - 1 - more;
        return i + 1;
      }
      int bytes = special(i);
      if (bytes == NONE) {
        return -1;
      }
      i += bytes;
      // Four bytes of UTF-8 are two characters in Java.
      more += buffer[i - bytes] != '\\' && bytes == 4 ? 2 : bytes - 1;
    }
    return -1;
  }

  /**
   * Returns the index of the next byte that isn't a plain ASCII character. It looks at eight bytes
   * at a time.
   */
  private int plain(int from) {
    int i = from;
    for (; i <= buffer.length - Long.BYTES; i += Long.BYTES) {
      long eight = EightBytes.at(buffer, i);
      long found =
          (eight & EightBytes.HIGH)
              | EightBytes.same(eight, QUOTES)
              | EightBytes.same(eight, BACKSLASHES)
              | EightBytes.less(eight, SPACES);
      if (found != 0) {
        return i + Long.numberOfTrailingZeros(found) / Byte.SIZE;
      }
    }
    while (i < buffer.length && buffer[i] >= ' ' && buffer[i] != '"' && buffer[i] != '\\') {
      i++;
    }
    return i;
  }

  /** Returns the length in bytes of an escape or of a character that isn't ASCII. */
  private int special(int i) {
    int first = buffer[i] & 0xFF;
    if (first == '\\') {
      return escape(i);
    }
    if (first >= 0xC2 && first <= 0xDF) {
      return follows(i + 1, 0x80, 0xBF) ? 2 : NONE;
    }
    if (first >= 0xE0 && first <= 0xEF) {
      int low = first == 0xE0 ? 0xA0 : 0x80;
      int high = first == 0xED ? 0x9F : 0xBF;
      return follows(i + 1, low, high) && follows(i + 2, 0x80, 0xBF) ? 3 : NONE;
    }
    if (first >= 0xF0 && first <= 0xF4) {
      int low = first == 0xF0 ? 0x90 : 0x80;
      int high = first == 0xF4 ? 0x8F : 0xBF;
      boolean whole = follows(i + 1, low, high) && follows(i + 2, 0x80, 0xBF);
      return whole && follows(i + 3, 0x80, 0xBF) ? 4 : NONE;
    }
    return NONE;
  }

  private boolean follows(int i, int low, int high) {
    return i < buffer.length && (buffer[i] & 0xFF) >= low && (buffer[i] & 0xFF) <= high;
  }

  private int escape(int i) {
    if (i + 1 >= buffer.length) {
      return NONE;
    }
    return switch (buffer[i + 1]) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> 2;
      case 'u' -> unicode(i + 2) ? 6 : NONE;
      default -> NONE;
    };
  }

  /** Returns whether four digits name a character that is no surrogate. */
  private boolean unicode(int from) {
    if (from + 4 > buffer.length) {
      return false;
    }
    int code = 0;
    for (int i = from; i < from + 4; i++) {
      int digit = Character.digit(buffer[i], 16);
      if (digit < 0) {
        return false;
      }
      code = code << 4 | digit;
    }
    return !Character.isSurrogate((char) code);
  }
}
