package io.caravan.translate.reasoning;

/**
 * Finds the reasoning of earlier turns that the client's history holds neither as text nor in a
 * signature. It knows the calls of one conversation that this process remembers.
 */
public interface ReasoningMemory {
  /** A memory without content. */
  ReasoningMemory NONE =
      new ReasoningMemory() {
        @Override
        public Reasoning ofToolCall(String toolUseId) {
          return null;
        }

        @Override
        public String thoughtSignature(String toolUseId) {
          return null;
        }
      };

  /**
   * Returns the reasoning that led to a tool call, by the id that the client knows; null if
   * unknown.
   */
  Reasoning ofToolCall(String toolUseId);

  /** Returns Gemini's {@code thought_signature} of a tool call, or null. */
  String thoughtSignature(String toolUseId);
}
