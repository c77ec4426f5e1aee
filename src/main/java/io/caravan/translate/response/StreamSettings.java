package io.caravan.translate.response;

import io.caravan.anthropic.MessagesRequest;
import io.caravan.provider.Dialect;
import io.caravan.provider.ReasoningSwitch;
import io.caravan.translate.request.ToolIds;
import io.caravan.translate.request.UpstreamRequest;
import io.caravan.translate.request.schema.ParameterNames;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;

/**
 * The facts about a request that the translation of its completion needs.
 *
 * @param messageId the id for {@code message_start}, as {@code msg_...}
 * @param model the name that the client asked for
 * @param inputTokens the estimate for {@code message_start}, and for usage if the upstream reports
 *     none or one that can't be right; 0 if there is none
 * @param contextWindow the model's context window in tokens; 0 if unknown
 * @param thinking whether the client wants thinking blocks; otherwise reasoning is dropped
 * @param thinkingOmitted whether thinking blocks go out without their text
 * @param thinkingOpen whether the model begins inside {@code <think>}, because its template has
 *     opened it: then content is reasoning until {@code </think>}
 * @param parallelCalls whether one response may have several tool calls
 * @param tools the client's names of the tools that the upstream knows
 * @param toolNames maps the upstream's name of a tool to the client's
 * @param toolIds maps the upstream's id of a call, or null, to a new one that no other call has
 * @param parameters returns the aliases of a tool's parameters by the client's name of the tool, or
 *     null if none has one
 * @param stopSequences the stop sequences of the request
 * @param prefill the text with which the completion must begin, and which it may repeat; empty if
 *     there is none
 * @param thinkTags the tags that reasoning in the content may stand in
 * @param maxTokens the most tokens of output that the client allows; 0 if it named none
 * @param malformedCall the treatment of a call whose arguments are no JSON object
 * @param outputTokens counts the tokens of a text if the upstream reports no usage
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
    Function<String, ParameterNames> parameters,
    List<String> stopSequences,
    String prefill,
    List<ThinkTag> thinkTags,
    long maxTokens,
    MalformedCall malformedCall,
    ToLongFunction<String> outputTokens) {

  /**
   * Returns the settings for the response to a request.
   *
   * @param sent the request that the upstream was sent for it
   * @param messageId a new id, as {@code msg_...}
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
        ToolIds.of(messageId),
        sent.schemas()::names,
        request.stopSequences().stream().filter(sequence -> !sequence.isEmpty()).toList(),
        sent.prefill() == null ? "" : sent.prefill(),
        ThinkTag.COMMON,
        request.maxTokens() == null ? 0 : request.maxTokens(),
        MalformedCall.FAIL,
        outputTokens);
  }

  /** Returns the same settings with another treatment of malformed calls. */
  public StreamSettings with(MalformedCall treatment) {
    return new StreamSettings(
        messageId,
        model,
        inputTokens,
        contextWindow,
        thinking,
        thinkingOmitted,
        thinkingOpen,
        parallelCalls,
        tools,
        toolNames,
        toolIds,
        parameters,
        stopSequences,
        prefill,
        thinkTags,
        maxTokens,
        treatment,
        outputTokens);
  }

  /** Returns the same settings for a reader who gets reasoning as such, and never as text. */
  public StreamSettings withThinking() {
    return new StreamSettings(
        messageId,
        model,
        inputTokens,
        contextWindow,
        true,
        false,
        thinkingOpen,
        parallelCalls,
        tools,
        toolNames,
        toolIds,
        parameters,
        stopSequences,
        prefill,
        thinkTags,
        maxTokens,
        malformedCall,
        outputTokens);
  }

  /** Returns the same settings with other tags for reasoning in the content. */
  public StreamSettings withThinkTags(List<ThinkTag> tags) {
    return new StreamSettings(
        messageId,
        model,
        inputTokens,
        contextWindow,
        thinking,
        thinkingOmitted,
        thinkingOpen,
        parallelCalls,
        tools,
        toolNames,
        toolIds,
        parameters,
        stopSequences,
        prefill,
        tags,
        maxTokens,
        malformedCall,
        outputTokens);
  }

  /** Returns whether the upstream knows a tool, in any form of its name. */
  boolean declares(String upstreamName) {
    return tools.contains(toolNames.apply(upstreamName));
  }

  /**
   * Returns the client's name of a tool that the upstream called. gpt-oss leaves marks of its own
   * format behind names ({@code Bash<|channel|>commentary}, vllm-project/vllm#32587) and its
   * namespace before them, Kimi namespace and number ({@code functions.Bash:0}).
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
