package io.caravan.openai;

import java.util.List;

/**
 * One chunk of an OpenAI-compatible stream, independent of its server's dialect: an absent, null or
 * empty field is the same, content parts are joined, and the several names of a field become one.
 *
 * @param content text, never null
 * @param reasoning reasoning text from whichever field carried it, never null
 * @param reasoningDetails OpenRouter's {@code reasoning_details} as the text of the array that
 *     came, or null
 * @param toolCalls pieces of tool calls, in the order they came; never null
 * @param finishReason the upstream's own name for it, or null
 * @param stopSequence the stop sequence that matched, if the upstream names it, or null
 * @param usage the usage, or null
 * @param error a failure that the upstream reports inside the stream, or null; if it is set,
 *     nothing else counts
 */
public record Chunk(
    String id,
    String model,
    String content,
    String reasoning,
    String reasoningDetails,
    String refusal,
    List<ToolCallDelta> toolCalls,
    String finishReason,
    String stopSequence,
    UpstreamUsage usage,
    UpstreamError error) {

  /** The chunk for {@code [DONE]}, the end of the stream. */
  public static final Chunk DONE =
      new Chunk(null, null, "", "", null, null, List.of(), null, null, null, null);

  /** Returns a chunk that reports a failed completion. */
  public static Chunk failed(UpstreamError error) {
    return new Chunk(null, null, "", "", null, null, List.of(), null, null, null, error);
  }

  /**
   * Returns whether the chunk holds something that a client would see: text, reasoning, or a piece
   * of a tool call.
   */
  public boolean hasContent() {
    return !content.isEmpty()
        || !reasoning.isEmpty()
        || !toolCalls.isEmpty()
        || (refusal != null && !refusal.isEmpty());
  }

  /**
   * Returns whether the chunk shows the outcome of the call: content, an end, or a failure. Until
   * such a chunk has come, the call can still be made again elsewhere.
   */
  public boolean decides() {
    return hasContent() || finishReason != null || error != null || isDone();
  }

  /** Returns whether the chunk is {@link #DONE} itself, and not just another empty chunk. */
  @SuppressWarnings("ReferenceEquality")
  public boolean isDone() {
    return this == DONE;
  }
}
