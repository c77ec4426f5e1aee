package io.caravan.translate.response;

import io.caravan.translate.reasoning.ReasoningSignature;

/** Keeps the reasoning of an answer, within bounds, and tells when it is said a second time. */
final class ReasoningText {
  private static final int MAX = ReasoningSignature.MAX_TEXT;

  private final StringBuilder kept = new StringBuilder();
  private final StringBuilder tagged = new StringBuilder();
  private boolean inField;
  private boolean cut;

  /** Reasoning came in a field of its own. */
  void field(String text) {
    inField |= !text.isBlank();
  }

  /** Whether reasoning came in a field: then what stands in tags may be the same once more. */
  boolean isInField() {
    return inField;
  }

  void keep(String text) {
    kept.append(text);
    if (kept.length() > 2 * MAX) {
      kept.delete(0, kept.length() - MAX);
      cut = true;
    }
  }

  /** Reasoning in tags that has to be compared first. */
  void tagged(String text) {
    tagged.append(text);
  }

  /** The reasoning in tags, empty where none has to be compared, or null where it came before. */
  String endOfTagged() {
    String text = tagged.toString();
    tagged.setLength(0);
    boolean repeated = !text.isBlank() && kept.indexOf(text.strip()) >= 0;
    return repeated ? null : text;
  }

  /** The reasoning, or its end if that is long. */
  String kept() {
    return kept.length() <= MAX ? kept.toString() : kept.substring(kept.length() - MAX);
  }

  /** The reasoning if all of it is there, else empty. */
  String whole() {
    return cut ? "" : kept.toString();
  }
}
