package io.caravan.anthropic;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing buffer into which JSON is written as UTF-8, without a string or a tree in between. */
final class JsonBytes {
  /** A buffer that one long event has made larger than this is given back. */
  private static final int KEPT_BUFFER = 256 * 1024;

  /** One token is written or very many. */
  private static final int GROWTH = 4;

  private static final byte[] HEX = constant("0123456789abcdef");
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

  private final int initial;
  private byte[] bytes;
  private int length;

  JsonBytes(int capacity) {
    initial = capacity;
    bytes = new byte[capacity];
  }

  static byte[] constant(String ascii) {
    return ascii.getBytes(StandardCharsets.US_ASCII);
  }

  byte[] buffer() {
    return bytes;
  }

  int length() {
    return length;
  }

  void clear() {
    length = 0;
    if (bytes.length > KEPT_BUFFER) {
      bytes = new byte[initial];
    }
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  JsonBytes raw(byte[] constant) {
    ensure(constant.length);
    System.arraycopy(constant, 0, bytes, length, constant.length);
    length += constant.length;
    return this;
  }

  /** JSON text as it is. */
  JsonBytes raw(String json) {
    return raw(json.getBytes(StandardCharsets.UTF_8));
  }

  JsonBytes number(long value) {
    if (value >= 0 && value < 10) {
      ensure(1);
      bytes[length++] = (byte) ('0' + value);
      return this;
    }
    return raw(constant(Long.toString(value)));
  }

  JsonBytes stringOrNull(String text) {
    if (text == null) {
      return raw(constant("null"));
    }
    ensure(2);
    bytes[length++] = '"';
    string(text);
    ensure(1);
    bytes[length++] = '"';
    return this;
  }

  /** The inside of a string. Half a surrogate pair, for which UTF-8 has no form, is U+FFFD. */
  JsonBytes string(CharSequence text) {
    int end = text.length();
    // Three bytes a character are the most but for escapes, which make room for themselves.
    ensure(3 * end);
    int i = plain(text);
    for (; i < end; i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        byte escape = ESCAPES[c];
        if (escape == 0) {
          bytes[length++] = (byte) c;
        } else {
          escape(c, escape, end - i - 1);
        }
      } else if (c < 0x800) {
        bytes[length++] = (byte) (0xC0 | (c >> 6));
        bytes[length++] = (byte) (0x80 | (c & 0x3F));
      } else if (!Character.isSurrogate(c)) {
        bytes[length++] = (byte) (0xE0 | (c >> 12));
        bytes[length++] = (byte) (0x80 | ((c >> 6) & 0x3F));
        bytes[length++] = (byte) (0x80 | (c & 0x3F));
      } else if (i + 1 < end && Character.isSurrogatePair(c, text.charAt(i + 1))) {
        pair(Character.toCodePoint(c, text.charAt(++i)));
      } else {
        raw(REPLACEMENT);
      }
    }
    return this;
  }

  /** Writes what needs no escape, up to the first character that does; returns where that is. */
  private int plain(CharSequence text) {
    byte[] out = bytes;
    int start = length;
    int end = text.length();
    int i = 0;
    for (; i < end; i++) {
      char c = text.charAt(i);
      if (c >= 0x80 || ESCAPES[c] != 0) {
        break;
      }
      out[start + i] = (byte) c;
    }
    length = start + i;
    return i;
  }

  private void escape(char c, byte escape, int charactersAfter) {
    ensure(6 + 3 * charactersAfter);
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

  private void ensure(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * GROWTH));
    }
  }
}
