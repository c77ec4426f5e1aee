package io.caravan.translate.response;

/**
 * Removes the beginning of the response that the client gave, if the completion repeats it:
 * llama.cpp does, and so may a model that was asked in words to begin with it. The client joins
 * both itself.
 */
final class PrefillEcho {
  private final String prefill;
  private int matched;
  private boolean decided;

  /**
   * @param prefill the beginning; empty if there is none
   */
  PrefillEcho(String prefill) {
    this.prefill = prefill;
    this.decided = prefill.isEmpty();
  }

  /** Returns the part of the text that goes on. */
  String accept(String text) {
    if (decided) {
      return text;
    }
    int common = 0;
    int room = Math.min(text.length(), prefill.length() - matched);
    while (common < room && text.charAt(common) == prefill.charAt(matched + common)) {
      common++;
    }
    if (matched + common == prefill.length()) {
      decided = true;
      matched = prefill.length();
      return text.substring(common);
    }
    if (common == text.length()) {
      matched += common;
      return "";
    }
    decided = true;
    String held = prefill.substring(0, matched);
    matched = 0;
    return held + text;
  }

  /** Returns whether the whole beginning was repeated, and removed. */
  boolean isTakenOff() {
    return decided && matched > 0;
  }

  /** Ends the text. It returns held text that turned out not to be a repetition. */
  String end() {
    if (decided) {
      return "";
    }
    decided = true;
    String held = prefill.substring(0, matched);
    matched = 0;
    return held;
  }
}
