package io.caravan.translate.request;

import io.caravan.translate.reasoning.ReasoningMemory;

/**
 * What a translation needs to know beside the request.
 *
 * @param promptTokens the prompt's size in the model's own tokens, as well as it is known; 0 where
 *     it isn't, and then nothing is held against the context window
 * @param strict whether a request that would lose anything the model should be told is refused
 * @param memory where reasoning is found that the client's history lacks
 */
public record TranslationOptions(long promptTokens, boolean strict, ReasoningMemory memory) {
  /** No estimate, lenient, no memory. */
  public static final TranslationOptions DEFAULT =
      new TranslationOptions(0, false, ReasoningMemory.NONE);
}
