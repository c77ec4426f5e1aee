package io.caravan.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing buffer into which JSON is written as UTF-8, without a string or a tree in between. What
 * is written stands in it as it is: where a comma belongs, {@link JsonWriter} knows.
 */
public final class JsonBytes {
  /** One token is written or very many; what is large already is not far from its end. */
  private static final int GROWTH = 4;

  private static final int LARGE = 64 * 1024;

  /**
   * Room for a text is made piece by piece: for so many characters, as if each had to be escaped.
   */
  private static final int STRETCH = 1024;

  private static final int LONGEST_ESCAPE = 6;

  private static final byte[] HEX = constant("0123456789abcdef");
  private static final byte[] NULL = constant("null");
  private static final byte[] REPLACEMENT = {(byte) 0xEF, (byte) 0xBF, (byte) 0xBD};

  /** What stands for an ASCII character in a string: itself (0), or the letter of its escape. */
  private static final byte[] ESCAPES = new byte[128];

  static {
    Arrays.fill(ESCAPES, 0, ' ', (byte) 'u');
    ESCAPES['\b'] = 'b';
    ESCAPES['\f'] = 'f';
    ESCAPES['\n'] = 'n';
    ESCAPES['\r'] = 'r';
    ESCAPES['\t'] = 't';
    ESCAPES['"'] = '"';
    ESCAPES['\\'] = '\\';
  }

  private byte[] bytes;
  private int length;

  /**
   * @param capacity bytes to make room for
   */
  public JsonBytes(int capacity) {
    bytes = new byte[capacity];
  }

  /** The bytes of an ASCII text. */
  public static byte[] constant(String ascii) {
    return ascii.getBytes(StandardCharsets.US_ASCII);
  }

  /** What has been written, up to {@link #length}, and until more is written. */
  public byte[] buffer() {
    return bytes;
  }

  public int length() {
    return length;
  }

  /** A copy of what has been written. */
  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  /** One byte as it is. */
  public JsonBytes raw(char ascii) {
    ensure(1);
    bytes[length++] = (byte) ascii;
    return this;
  }

  /** Bytes as they are. */
  public JsonBytes raw(byte[] constant) {
    return raw(constant, 0, constant.length);
  }

  /** Bytes as they are. */
  public JsonBytes raw(byte[] source, int offset, int count) {
    ensure(count);
    System.arraycopy(source, offset, bytes, length, count);
    length += count;
    return this;
  }

  /** JSON text as it is. */
  public JsonBytes raw(String json) {
    return raw(json.getBytes(StandardCharsets.UTF_8));
  }

  /** A whole number. */
  public JsonBytes number(long value) {
    return value >= 0 && value < 10
        ? raw((char) ('0' + value))
        : raw(constant(Long.toString(value)));
  }

  /** A string in its quotes, or null. */
  public JsonBytes stringOrNull(String text) {
    return text == null ? raw(NULL) : raw('"').string(text).raw('"');
  }

  /** The inside of a string. Half a surrogate pair, for which UTF-8 has no form, is U+FFFD. */
  public JsonBytes string(CharSequence text) {
    int end = text.length();
    int at = 0;
    while (at < end) {
      int stop = Math.min(end, at + STRETCH);
      ensure(LONGEST_ESCAPE * (stop - at));
      while (at < stop) {
        at = plain(text, at, stop);
        if (at < stop) {
          at = special(text, at, end);
        }
      }
    }
    return this;
  }

  /** Writes what needs no escape, up to the first character that does; returns where that is. */
  private int plain(CharSequence text, int from, int to) {
    byte[] out = bytes;
    int shift = length - from;
    int i = from;
    for (; i < to; i++) {
      char c = text.charAt(i);
      if (c >= 0x80 || ESCAPES[c] != 0) {
        break;
      }
      out[shift + i] = (byte) c;
    }
    length = shift + i;
    return i;
  }

  /** Writes one character that is not written as it is; returns where the next one stands. */
  private int special(CharSequence text, int at, int end) {
    char c = text.charAt(at);
    if (c < 0x80) {
      escape(c);
    } else if (c < 0x800) {
      bytes[length++] = (byte) (0xC0 | (c >> 6));
      bytes[length++] = (byte) (0x80 | (c & 0x3F));
    } else if (!Character.isSurrogate(c)) {
      bytes[length++] = (byte) (0xE0 | (c >> 12));
      bytes[length++] = (byte) (0x80 | ((c >> 6) & 0x3F));
      bytes[length++] = (byte) (0x80 | (c & 0x3F));
    } else if (at + 1 < end && Character.isSurrogatePair(c, text.charAt(at + 1))) {
      pair(Character.toCodePoint(c, text.charAt(at + 1)));
      return at + 2;
    } else {
      raw(REPLACEMENT);
    }
    return at + 1;
  }

  private void escape(int c) {
    byte escape = ESCAPES[c];
    bytes[length++] = '\\';
    bytes[length++] = escape;
    if (escape == 'u') {
      bytes[length++] = '0';
      bytes[length++] = '0';
      bytes[length++] = HEX[c >> 4];
      bytes[length++] = HEX[c & 15];
    }
  }

  private void pair(int codePoint) {
    bytes[length++] = (byte) (0xF0 | (codePoint >> 18));
    bytes[length++] = (byte) (0x80 | ((codePoint >> 12) & 0x3F));
    bytes[length++] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
    bytes[length++] = (byte) (0x80 | (codePoint & 0x3F));
  }

  /** The inside of a string whose text is UTF-8 already. */
  public JsonBytes string(byte[] utf8, int offset, int count) {
    int end = offset + count;
    int start = offset;
    for (int i = offset; i < end; i++) {
      byte b = utf8[i];
      if (b >= 0 && ESCAPES[b] != 0) {
        raw(utf8, start, i - start);
        ensure(LONGEST_ESCAPE);
        escape(b);
        start = i + 1;
      }
    }
    return raw(utf8, start, end - start);
  }

  private void ensure(int more) {
    if (length + more > bytes.length) {
      int grown = bytes.length * (bytes.length < LARGE ? GROWTH : 2);
      bytes = Arrays.copyOf(bytes, Math.max(length + more, grown));
    }
  }
}
