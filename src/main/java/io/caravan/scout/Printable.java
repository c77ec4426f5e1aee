package io.caravan.scout;

/**
 * Makes one line of what upstreams and models wrote: a terminal would act on control characters.
 */
final class Printable {
  private Printable() {}

  static String of(String text) {
    return text.replaceAll("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]+", " ");
  }
}
