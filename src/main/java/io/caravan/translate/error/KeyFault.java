package io.caravan.translate.error;

import io.caravan.openai.UpstreamError;

/**
 * A refusal of the key that a call was made with. Another key of the same provider may do. The
 * status must say so, too: words alone may be those of a client's request.
 */
public enum KeyFault {
  /** The key is refused: 401, 402 without credit, or a quota that is used up. */
  REFUSED,
  /** The key may not use the model: 403. */
  FORBIDDEN;

  /** Returns the fault that an error shows; null if it isn't about the key. */
  public static KeyFault of(UpstreamError error) {
    if (error == null) {
      return null;
    }
    return switch (error.status()) {
      case 401, 402 -> REFUSED;
      case 403, 429 ->
          switch (FailureClassifier.of(error)) {
            case OUT_OF_CREDIT -> REFUSED;
            case KEY_REFUSED -> FORBIDDEN;
            default -> null;
          };
      default -> null;
    };
  }
}
