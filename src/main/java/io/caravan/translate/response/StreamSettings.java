package io.caravan.translate.response;

import io.caravan.anthropic.MessagesRequest;
import io.caravan.provider.Dialect;
import io.caravan.provider.ReasoningSwitch;
import io.caravan.translate.request.ToolIds;
import io.caravan.translate.request.UpstreamRequest;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;

/**
 * What the translation of an answer needs to know of its request.
 *
 * @param messageId for {@code message_start}, as {@code msg_...}
 * @param model the name that the client asked for
 * @param inputTokens the estimate for {@code message_start}, and for usage where the upstream tells
 *     none or one that can't be true; 0 where there is none
 * @param contextWindow the model's, in tokens; 0 where it isn't known
 * @param thinking whether the client wants thinking blocks; otherwise reasoning is dropped
 * @param thinkingOmitted whether thinking blocks go out without their text
 * @param thinkingOpen whether the model begins inside {@code <think>}, because its template has
 *     opened it: then content is reasoning until {@code </think>}
 * @param parallelCalls whether one answer may have several tool calls
 * @param tools the client's names of the tools that the upstream was told of
 * @param toolNames from the upstream's name of a tool to the client's
 * @param toolIds from the upstream's id of a call, or null, to a new one that no other call has
 * @param stopSequences those the client asked for
 * @param prefill what the answer was told to begin with, and may repeat; empty where nothing
 * @param outputTokens counts the tokens of a text, where the upstream tells no usage
 */
public record StreamSettings(
    String messageId,
    String model,
    long inputTokens,
    long contextWindow,
    boolean thinking,
    boolean thinkingOmitted,
    boolean thinkingOpen,
    boolean parallelCalls,
    Set<String> tools,
    UnaryOperator<String> toolNames,
    UnaryOperator<String> toolIds,
    List<String> stopSequences,
    String prefill,
    ToLongFunction<String> outputTokens) {

  /**
   * The settings for the answer to a request.
   *
   * @param sent what the upstream was sent for it
   * @param messageId a new one, as {@code msg_...}
   * @param inputTokens the estimate
   */
  public static StreamSettings of(
      MessagesRequest request,
      UpstreamRequest sent,
      Dialect dialect,
      String messageId,
      long inputTokens,
      ToLongFunction<String> outputTokens) {
    boolean thinking = request.thinking().wanted();
    boolean cannotBeSwitchedOff = dialect.reasoning() == ReasoningSwitch.NONE;
    return new StreamSettings(
        messageId,
        request.model(),
        inputTokens,
        dialect.contextWindow() == null ? 0 : dialect.contextWindow(),
        thinking,
        request.thinking().omitted(),
        dialect.thinkingOpen() && (thinking || cannotBeSwitchedOff),
        request.toolChoice() == null || !request.toolChoice().parallelDisabled(),
        sent.toolNames().declared(),
        sent.toolNames()::original,
        ToolIds::issue,
        request.stopSequences(),
        sent.prefill() == null ? "" : sent.prefill(),
        outputTokens);
  }

  /** Whether the upstream was told of a tool, in whichever form it writes the name. */
  boolean declares(String upstreamName) {
    return tools.contains(toolNames.apply(upstreamName));
  }

  /**
   * The client's name of a tool that the upstream called. gpt-oss leaves marks of its own format
   * behind names ({@code Bash<|channel|>commentary}, vllm-project/vllm#32587) and its namespace
   * before them, Kimi namespace and number ({@code functions.Bash:0}).
   */
  String clientToolName(String upstreamName) {
    String name = upstreamName.strip();
    int mark = name.indexOf("<|");
    if (mark > 0) {
      name = name.substring(0, mark).strip();
    }
    if (!declares(name)) {
      String bare = name.startsWith("functions.") ? name.substring("functions.".length()) : name;
      String unnumbered = bare.replaceFirst(":\\d+$", "");
      name = declares(bare) ? bare : declares(unnumbered) ? unnumbered : name;
    }
    return toolNames.apply(name);
  }
}
