package io.caravan.translate.response;

/**
 * Takes off what the answer repeats of the beginning that the client gave it: llama.cpp says it
 * again, and a model that was asked in words to begin so may. The client puts both together itself.
 */
final class PrefillEcho {
  private final String prefill;
  private int matched;
  private boolean decided;

  /**
   * @param prefill empty where there is none
   */
  PrefillEcho(String prefill) {
    this.prefill = prefill;
    this.decided = prefill.isEmpty();
  }

  /** Returns what of the text goes on. */
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

  /** Whether the whole of it was repeated, and taken off. */
  boolean isTakenOff() {
    return decided && matched > 0;
  }

  /** No more will come. Returns what was held and is no repetition after all. */
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
