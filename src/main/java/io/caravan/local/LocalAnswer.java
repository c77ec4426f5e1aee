package io.caravan.local;

/**
 * A response that is made without a model.
 *
 * @param text the whole text of the response
 * @param stopReason the protocol's own name for it
 */
public record LocalAnswer(LocalKind kind, String text, String stopReason) {
  static LocalAnswer of(LocalKind kind, String text) {
    return new LocalAnswer(kind, text, "end_turn");
  }
}
