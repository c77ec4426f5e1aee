package io.caravan.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * The demonstration upstream's model: answers a chat completions request (the body, as a map) with
 * chunks (a list of maps). Its text says plainly that it is no model. It thinks when asked to, and
 * calls the first tool of a request once.
 */
public final class DemoAnswer implements Processor {
  private static final String TEXT =
      "This is Caravan's demonstration upstream, not a model: it answers everything with these words, streamed token"
          + " by token through the same route as a real answer. Set NVIDIA_API_KEY, or NIM_BASE_URL, to talk to a"
          + " model.";
  private static final String THOUGHT = "I am a demonstration and have nothing to think about.";

  @Override
  public void process(Exchange exchange) {
    Map<?, ?> request = exchange.getMessage().getBody(Map.class);
    List<Map<String, Object>> chunks = new ArrayList<>();
    String model = String.valueOf(request.get("model"));
    chunks.add(chunk(model, Map.of("role", "assistant", "content", ""), null));
    if (thinks(request)) {
      words(THOUGHT).forEach(w -> chunks.add(chunk(model, Map.of("reasoning_content", w), null)));
    }
    words(TEXT).forEach(w -> chunks.add(chunk(model, Map.of("content", w), null)));
    Map<String, Object> call = toolCall(request);
    if (call != null) {
      chunks.add(chunk(model, Map.of("tool_calls", List.of(call)), null));
    }
    chunks.add(chunk(model, Map.of(), call == null ? "stop" : "tool_calls"));
    chunks.add(usage(model, chunks.size()));
    exchange.getMessage().setBody(chunks);
  }

  private static boolean thinks(Map<?, ?> request) {
    Object effort = request.get("reasoning_effort");
    return effort != null && !effort.equals("none");
  }

  /**
   * Returns a call of the first tool if the newest message is the user's, else null: after the
   * tool's result there is only text.
   */
  private static Map<String, Object> toolCall(Map<?, ?> request) {
    if (!(request.get("tools") instanceof List<?> tools) || tools.isEmpty()) {
      return null;
    }
    if (!(request.get("messages") instanceof List<?> messages)
        || !(messages.get(messages.size() - 1) instanceof Map<?, ?> newest)
        || !"user".equals(newest.get("role"))) {
      return null;
    }
    if (!(tools.get(0) instanceof Map<?, ?> tool)
        || !(tool.get("function") instanceof Map<?, ?> function)) {
      return null;
    }
    Map<String, Object> call = new LinkedHashMap<>();
    call.put("index", 0);
    call.put("id", "call_demo");
    call.put("type", "function");
    call.put("function", Map.of("name", function.get("name"), "arguments", "{}"));
    return call;
  }

  private static List<String> words(String text) {
    return List.of(text.split("(?<= )"));
  }

  private static Map<String, Object> chunk(String model, Map<String, Object> delta, String finish) {
    Map<String, Object> choice = new LinkedHashMap<>();
    choice.put("index", 0);
    choice.put("delta", delta);
    choice.put("finish_reason", finish);
    return envelope(model, List.of(choice));
  }

  private static Map<String, Object> usage(String model, int tokens) {
    Map<String, Object> chunk = envelope(model, List.of());
    chunk.put(
        "usage",
        Map.of("prompt_tokens", 25, "completion_tokens", tokens, "total_tokens", 25 + tokens));
    return chunk;
  }

  private static Map<String, Object> envelope(String model, List<?> choices) {
    Map<String, Object> chunk = new LinkedHashMap<>();
    chunk.put("id", "chatcmpl-demonstration");
    chunk.put("object", "chat.completion.chunk");
    chunk.put("model", model);
    chunk.put("choices", choices);
    return chunk;
  }
}
