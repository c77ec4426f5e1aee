package io.caravan.tokens;

/** Checks of the numbers that a property is set to. */
final class Numbers {
  private Numbers() {}

  /** The value, or an IllegalArgumentException that names the property. */
  static int atLeast(int least, int value, String property) {
    if (value < least) {
      throw new IllegalArgumentException(property + " is " + value + ", less than " + least);
    }
    return value;
  }
}
