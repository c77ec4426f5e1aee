package io.caravan.translate.reasoning;

/**
 * Finds the reasoning of earlier turns where the client's history has it neither as text nor in a
 * signature: in what this process remembers of the same conversation.
 */
public interface ReasoningMemory {
  /** Remembers nothing. */
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

  /** The reasoning that led to a tool call, by the id that the client knows; null where unknown. */
  Reasoning ofToolCall(String toolUseId);

  /** Gemini's {@code thought_signature} of a tool call, or null. */
  String thoughtSignature(String toolUseId);
}
