package io.caravan.translate.response;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.Usage;
import java.util.Map;
import java.util.Set;

/**
 * The outcome of a completion, for log and metrics, for the calibration of estimates, and for the
 * store of reasoning that the next request has to send back.
 *
 * @param stopReason the stop reason that went out, or null if the completion failed
 * @param finishReason the upstream's own, or null
 * @param usage the usage that went out, or would have
 * @param inputCounted whether the upstream reported the prompt's size, and it is believable
 * @param outputCounted whether the upstream reported the completion's size, and it is believable
 * @param failure the failure, or null if the completion ended well
 * @param losses the losses
 * @param reasoning the model's reasoning, or its end if that is long; empty if there was none
 * @param reasoningDetails OpenRouter's {@code reasoning_details} array, or null
 * @param toolUses the calls that the client knows: the names of their tools by their ids
 * @param thoughtSignatures Gemini's signatures, by those ids
 * @param strayThinkEnd whether a {@code </think>} came without an opening tag: the model's
 *     completions begin inside the tag
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
    Map<String, String> toolUses,
    Map<String, String> thoughtSignatures,
    boolean strayThinkEnd) {}
