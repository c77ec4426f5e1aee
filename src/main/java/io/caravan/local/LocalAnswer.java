package io.caravan.local;

/**
 * An answer made without a model.
 *
 * @param text the whole answer
 * @param stopReason as the protocol names it
 */
public record LocalAnswer(LocalKind kind, String text, String stopReason) {
  static LocalAnswer of(LocalKind kind, String text) {
    return new LocalAnswer(kind, text, "end_turn");
  }
}
