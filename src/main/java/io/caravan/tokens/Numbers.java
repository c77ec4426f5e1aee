package io.caravan.tokens;

/** Checks the numbers that properties are set to. */
final class Numbers {
  private Numbers() {}

  /** Returns the value, or throws an IllegalArgumentException that names the property. */
  static int atLeast(int least, int value, String property) {
    if (value < least) {
      throw new IllegalArgumentException(property + " is " + value + ", less than " + least);
    }
    return value;
  }
}
