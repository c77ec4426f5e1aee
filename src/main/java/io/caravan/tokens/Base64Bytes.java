package io.caravan.tokens;

import java.util.Arrays;

/** The bytes of a base64 text. Each is decoded when it is read. */
final class Base64Bytes {
  private static final int CHARS = 4;
  private static final int BYTES = 3;
  private static final byte[] VALUES = values();

  private final String text;

  Base64Bytes(String text) {
    this.text = text;
  }

  /** Returns a byte from 0 to 255; -1 past the end, or if the text isn't base64. */
  int at(int index) {
    long group = (long) index / BYTES * CHARS;
    if (index < 0 || group + CHARS > text.length()) {
      return -1;
    }
    int first = value((int) group + index % BYTES);
    int second = value((int) group + index % BYTES + 1);
    if (first < 0 || second < 0) {
      return -1;
    }
    int shift = 2 * (index % BYTES);
    return ((first << (shift + 2)) | (second >> (4 - shift))) & 0xFF;
  }

  /** Returns whether the bytes from an index on are these. */
  boolean matches(int index, int... bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (at(index + i) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  /** Returns a number of up to four bytes, the highest first; -1 if one is missing. */
  long bigEndian(int index, int length) {
    long number = 0;
    for (int i = 0; i < length; i++) {
      int b = at(index + i);
      if (b < 0) {
        return -1;
      }
      number = number << 8 | b;
    }
    return number;
  }

  /** Returns a number of up to four bytes, the lowest first; -1 if one is missing. */
  long littleEndian(int index, int length) {
    long number = 0;
    for (int i = length - 1; i >= 0; i--) {
      int b = at(index + i);
      if (b < 0) {
        return -1;
      }
      number = number << 8 | b;
    }
    return number;
  }

  private int value(int index) {
    char c = text.charAt(index);
    return c < VALUES.length ? VALUES[c] : -1;
  }

  private static byte[] values() {
    byte[] values = new byte[128];
    Arrays.fill(values, (byte) -1);
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < alphabet.length(); i++) {
      values[alphabet.charAt(i)] = (byte) i;
    }
    return values;
  }
}
