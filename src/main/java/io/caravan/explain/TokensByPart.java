package io.caravan.explain;

import io.caravan.anthropic.Block;
import io.caravan.anthropic.Message;
import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.Tool;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** The tokens of a request by its parts: each is what the request without it has less. */
final class TokensByPart {
  private TokensByPart() {}

  /**
   * Counts the parts.
   *
   * @param counter estimates the tokens of a request
   * @param estimate the estimate that the limits and the client are told, which earlier requests
   *     have corrected
   */
  static Map<String, Object> of(
      MessagesRequest request, ToLongFunction<MessagesRequest> counter, long estimate) {
    long all = counter.applyAsLong(request);
    long tools = all - counter.applyAsLong(with(request, request.system(), List.of(), null));
    long system =
        all - counter.applyAsLong(with(request, List.of(), request.tools(), request.messages()));
    long last = 0;
    int messages = request.messages().size();
    if (messages > 1) {
      List<Message> before = request.messages().subList(0, messages - 1);
      last = all - counter.applyAsLong(with(request, request.system(), request.tools(), before));
    }
    Map<String, Object> parts = new LinkedHashMap<>();
    parts.put("system", system);
    parts.put("tools", tools);
    parts.put("messages", all - system - tools);
    if (messages > 1) {
      parts.put("last_message", last);
    }
    Map<String, Object> tokens = new LinkedHashMap<>();
    tokens.put("input", estimate);
    tokens.put("counted", all);
    tokens.put("by_part", parts);
    return tokens;
  }

  private static MessagesRequest with(
      MessagesRequest all, List<Block> system, List<Tool> tools, List<Message> messages) {
    return new MessagesRequest(
        all.body(),
        all.model(),
        all.stream(),
        all.maxTokens(),
        system,
        messages == null ? all.messages() : messages,
        tools,
        tools.isEmpty() ? null : all.toolChoice(),
        all.thinking(),
        all.stopSequences(),
        all.temperature(),
        all.topP(),
        all.topK(),
        all.effort(),
        all.outputSchema(),
        all.userId(),
        all.unsupported(),
        all.safeguards());
  }
}
