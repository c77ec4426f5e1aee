package io.caravan.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing buffer into which JSON is written as UTF-8, without a string or a tree in between. It
 * puts no commas; {@link JsonWriter} does.
 */
public final class JsonBytes {
  /**
   * The growth of a small buffer. A buffer holds one token or a great many; a large one is seldom
   * far from its end, so it only doubles.
   */
  private static final int GROWTH = 4;

  private static final int LARGE = 64 * 1024;

  /** The characters for which room is made at a time, as if each had to be escaped. */
  private static final int STRETCH = 1024;

  private static final int LONGEST_ESCAPE = 6;

  private static final byte[] HEX = constant("0123456789abcdef");
  private static final byte[] NULL = constant("null");
  private static final byte[] REPLACEMENT = {(byte) 0xEF, (byte) 0xBF, (byte) 0xBD};

  /**
   * For each ASCII character in a string: 0 where it stands for itself, else the letter of its
   * escape.
   */
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
   * @param capacity the bytes to make room for
   */
  public JsonBytes(int capacity) {
    bytes = new byte[capacity];
  }

  /** Returns the bytes of an ASCII text. */
  public static byte[] constant(String ascii) {
    return ascii.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Returns the buffer itself. It is filled up to {@link #length}, and valid until more is written.
   */
  public byte[] buffer() {
    return bytes;
  }

  public int length() {
    return length;
  }

  /** Returns a copy of the bytes written so far. */
  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  /** Writes one byte unchanged. */
  JsonBytes raw(char ascii) {
    ensure(1);
    bytes[length++] = (byte) ascii;
    return this;
  }

  /** Writes bytes unchanged. */
  public JsonBytes raw(byte[] constant) {
    return raw(constant, 0, constant.length);
  }

  /** Writes a range of bytes unchanged. */
  JsonBytes raw(byte[] source, int offset, int count) {
    ensure(count);
    System.arraycopy(source, offset, bytes, length, count);
    length += count;
    return this;
  }

  /** Writes JSON text unchanged. */
  public JsonBytes raw(String json) {
    return raw(json.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes a whole number. */
  public JsonBytes number(long value) {
    return value >= 0 && value < 10
        ? raw((char) ('0' + value))
        : raw(constant(Long.toString(value)));
  }

  /** Writes a string in its quotes, or null. */
  public JsonBytes stringOrNull(String text) {
    return text == null ? raw(NULL) : raw('"').string(text).raw('"');
  }

  /**
   * Writes the inside of a string. Half a surrogate pair becomes U+FFFD, since UTF-8 has no form
   * for it.
   */
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

  /**
   * Writes characters up to the first one that needs an escape or isn't ASCII, and returns its
   * index.
   */
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

  /**
   * Writes one character that needs an escape or isn't ASCII, and returns the index of the next.
   */
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

  /** Writes the inside of a string whose text is UTF-8 already. */
  JsonBytes string(byte[] utf8, int offset, int count) {
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
