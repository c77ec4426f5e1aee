package io.caravan.openai;

import java.util.List;

/**
 * One chunk of an OpenAI-compatible stream, whatever its server's dialect: absent, null and empty
 * are the same, content parts are joined, and the several names of a field are one.
 *
 * @param content text, never null
 * @param reasoning reasoning text from whichever field carried it, never null
 * @param reasoningDetails OpenRouter's {@code reasoning_details} as array text as it came, or null
 * @param toolCalls pieces of tool calls, in the order they came; never null
 * @param finishReason as the upstream named it, or null
 * @param stopSequence the stop sequence that matched, where the upstream names it, or null
 * @param usage or null
 * @param error set where the upstream reports a failure inside the stream; then nothing else counts
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

  /** Stands for {@code [DONE]}, the end of the stream. */
  public static final Chunk DONE =
      new Chunk(null, null, "", "", null, null, List.of(), null, null, null, null);

  /** A chunk that says that the answer has failed. */
  public static Chunk failed(UpstreamError error) {
    return new Chunk(null, null, "", "", null, null, List.of(), null, null, null, error);
  }

  /**
   * Whether it has something that a client would see: text, reasoning, or a piece of a tool call.
   */
  public boolean hasContent() {
    return !content.isEmpty()
        || !reasoning.isEmpty()
        || !toolCalls.isEmpty()
        || (refusal != null && !refusal.isEmpty());
  }

  /**
   * Whether it shows how the answer turned out: content, an end, or a failure. Until such a chunk
   * has come, the call can still be made again elsewhere.
   */
  public boolean decides() {
    return hasContent() || finishReason != null || error != null || isDone();
  }

  /** Whether it is {@link #DONE}, and not just a chunk that says as little. */
  @SuppressWarnings("ReferenceEquality")
  public boolean isDone() {
    return this == DONE;
  }
}
