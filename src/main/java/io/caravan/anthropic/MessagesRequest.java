package io.caravan.anthropic;

import io.caravan.json.RawJson;
import java.util.List;

/**
 * A request to {@code POST /v1/messages} (or {@code count_tokens}), parsed once.
 *
 * @param body the body that was parsed; every {@link RawJson} in it points into the same buffer
 * @param model the model as the client named it
 * @param system the system prompt's blocks; a string is one block; empty if there is none
 * @param maxTokens the limit, or null if the client gave none; 0 asks for no content, to fill a
 *     cache
 * @param tools the tools that are offered at the conversation's end, see {@link OfferedTools}
 * @param effort {@code output_config.effort}, or null
 * @param outputSchema the schema of {@code output_config.format} (or the older {@code
 *     output_format}), or null
 * @param userId {@code metadata.user_id}, or null
 * @param unsupported the unsupported options that it asks for, each as often as it does
 * @param safeguards the checks of the message that the client waits for, as JSON; or null
 */
public record MessagesRequest(
    RawJson body,
    String model,
    boolean stream,
    Integer maxTokens,
    List<Block> system,
    List<Message> messages,
    List<Tool> tools,
    ToolChoice toolChoice,
    ThinkingOption thinking,
    List<String> stopSequences,
    Double temperature,
    Double topP,
    Integer topK,
    String effort,
    RawJson outputSchema,
    String userId,
    List<UnsupportedOption> unsupported,
    RawJson safeguards) {
  /** Makes a request that asks for no safeguards. */
  public MessagesRequest(
      RawJson body,
      String model,
      boolean stream,
      Integer maxTokens,
      List<Block> system,
      List<Message> messages,
      List<Tool> tools,
      ToolChoice toolChoice,
      ThinkingOption thinking,
      List<String> stopSequences,
      Double temperature,
      Double topP,
      Integer topK,
      String effort,
      RawJson outputSchema,
      String userId,
      List<UnsupportedOption> unsupported) {
    this(
        body,
        model,
        stream,
        maxTokens,
        system,
        messages,
        tools,
        toolChoice,
        thinking,
        stopSequences,
        temperature,
        topP,
        topK,
        effort,
        outputSchema,
        userId,
        unsupported,
        null);
  }

  /** Returns the same request with other messages, tools and limits; the body stays. */
  public MessagesRequest with(
      Integer newMaxTokens, List<Message> newMessages, List<Tool> newTools, ToolChoice newChoice) {
    return new MessagesRequest(
        body,
        model,
        stream,
        newMaxTokens,
        system,
        newMessages,
        newTools,
        newChoice,
        thinking,
        stopSequences,
        temperature,
        topP,
        topK,
        effort,
        outputSchema,
        userId,
        unsupported,
        safeguards);
  }
}
