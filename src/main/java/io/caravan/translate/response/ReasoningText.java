package io.caravan.translate.response;

import io.caravan.translate.reasoning.ReasoningSignature;

/** Keeps the reasoning of a completion, within bounds, and recognises its repetition. */
final class ReasoningText {
  private static final int MAX = ReasoningSignature.MAX_TEXT;

  private final StringBuilder kept = new StringBuilder();
  private final StringBuilder tagged = new StringBuilder();
  private boolean inField;
  private boolean cut;

  /** Notes that reasoning came in a field of its own. */
  void field(String text) {
    inField |= !text.isBlank();
  }

  /** Returns whether reasoning came in a field. Then reasoning in tags may repeat it. */
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

  /** Adds reasoning in tags that has to be compared first. */
  void tagged(String text) {
    tagged.append(text);
  }

  /**
   * Returns the reasoning in tags, empty if none has to be compared, or null if it is a repetition.
   */
  String endOfTagged() {
    String text = tagged.toString();
    tagged.setLength(0);
    boolean repeated = !text.isBlank() && kept.indexOf(text.strip()) >= 0;
    return repeated ? null : text;
  }

  /** Returns the reasoning, or its end if that is long. */
  String kept() {
    return kept.length() <= MAX ? kept.toString() : kept.substring(kept.length() - MAX);
  }

  /** Returns the reasoning if all of it was kept, else an empty text. */
  String whole() {
    return cut ? "" : kept.toString();
  }
}
