package io.caravan.translate.response;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.Usage;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What became of an answer: for log and metrics, for the calibration of estimates, and for a store
 * of what the next request has to bring back.
 *
 * @param stopReason as it went out, or null where the answer failed
 * @param finishReason the upstream's own, or null
 * @param usage what went out, or would have
 * @param inputCounted whether the upstream told the prompt's size, and is believed
 * @param outputCounted whether the upstream told the answer's size, and is believed
 * @param failure null where the answer ended well
 * @param losses what was lost
 * @param reasoning what the model thought, or its end if that is long; empty where nothing
 * @param reasoningDetails OpenRouter's {@code reasoning_details} array, or null
 * @param toolUseIds ids of the calls, as the client knows them
 * @param thoughtSignatures Gemini's, by those ids
 * @param strayThinkEnd whether a {@code </think>} came that nothing had opened: the model's answers
 *     begin inside the tag
 */
public record AnswerOutcome(
    String stopReason,
    String finishReason,
    Usage usage,
    boolean inputCounted,
    boolean outputCounted,
    AnthropicException failure,
    Set<AnswerLoss> losses,
    String reasoning,
    String reasoningDetails,
    List<String> toolUseIds,
    Map<String, String> thoughtSignatures,
    boolean strayThinkEnd) {}
