package io.caravan.translate.request;

import io.caravan.translate.reasoning.ReasoningMemory;

/**
 * The settings of a translation beside the request.
 *
 * @param promptTokens the best known size of the prompt in the model's own tokens; 0 if unknown,
 *     and then it isn't compared with the context window
 * @param strict whether a request is refused that would lose anything the model should know
 * @param memory finds reasoning that the client's history lacks
 * @param substitutes what stands in place of images and documents that the model can't take
 */
public record TranslationOptions(
    long promptTokens, boolean strict, ReasoningMemory memory, Substitutes substitutes) {
  /** Options without estimate and memory, in lenient mode. */
  public static final TranslationOptions DEFAULT =
      new TranslationOptions(0, false, ReasoningMemory.NONE);

  /** Makes options without substitutes. */
  public TranslationOptions(long promptTokens, boolean strict, ReasoningMemory memory) {
    this(promptTokens, strict, memory, Substitutes.NONE);
  }
}
