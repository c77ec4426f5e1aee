package io.caravan.scout;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorType;
import io.caravan.anthropic.PassThroughEvent;
import io.caravan.json.JsonTree;
import io.caravan.json.RawJson;
import io.caravan.openai.ErrorBodies;
import io.caravan.scout.Observation.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads the events of one response, with the times at which they came. */
final class Reading {
  /** The fewest tokens of which a speed is measured. */
  private static final long FEWEST = 20;

  private final StringBuilder text = new StringBuilder();
  private final List<String> names = new ArrayList<>();
  private final List<StringBuilder> inputs = new ArrayList<>();
  private boolean thought;
  private Exception error;
  private long begin = System.nanoTime();
  private long first;
  private long last;

  /** Starts the measurement of time. */
  void begin() {
    begin = System.nanoTime();
  }

  void see(PassThroughEvent event) {
    if (event.isError()) {
      error =
          new AnthropicException(
              ErrorType.API, ErrorBodies.parse(event.json().toString()).message());
    } else if ("content_block_start".equals(event.type())) {
      start(part(event, "content_block"));
    } else if ("content_block_delta".equals(event.type())) {
      delta(part(event, "delta"));
    }
  }

  private static Map<?, ?> part(PassThroughEvent event, String name) {
    boolean object =
        JsonTree.read(event.json()) instanceof Map<?, ?> map && map.get(name) instanceof Map<?, ?>;
    return object ? (Map<?, ?>) ((Map<?, ?>) JsonTree.read(event.json())).get(name) : Map.of();
  }

  private void start(Map<?, ?> block) {
    if ("tool_use".equals(block.get("type"))) {
      timed();
      names.add(String.valueOf(block.get("name")));
      inputs.add(new StringBuilder());
    }
  }

  private void delta(Map<?, ?> delta) {
    timed();
    if (delta.get("text") instanceof String words) {
      text.append(words);
    } else if (delta.get("thinking") instanceof String words) {
      thought |= !words.isBlank();
    } else if (delta.get("partial_json") instanceof String json && !inputs.isEmpty()) {
      inputs.get(inputs.size() - 1).append(json);
    }
  }

  private void timed() {
    last = System.nanoTime();
    first = first == 0 ? last : first;
  }

  /** Returns the failure that was reported inside the stream, or null. */
  Exception error() {
    return error;
  }

  /**
   * Returns what the response was.
   *
   * @param tokens the tokens of the response; 0 if unknown
   */
  Observation observed(int calls, long tokens, List<String> cures) {
    List<ToolCall> toolCalls = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      toolCalls.add(new ToolCall(names.get(i), input(inputs.get(i).toString())));
    }
    int millis = first == 0 ? 0 : (int) Math.max(1, (first - begin) / 1_000_000);
    long streamed = (last - first) / 1_000_000;
    int speed = tokens < FEWEST || streamed == 0 ? 0 : (int) (tokens * 1000 / streamed);
    return new Observation(calls, null, text.toString(), thought, toolCalls, millis, speed, cures);
  }

  private static Map<?, ?> input(String json) {
    try {
      return JsonTree.read(RawJson.of(json)) instanceof Map<?, ?> object ? object : Map.of();
    } catch (IllegalArgumentException e) {
      return Map.of();
    }
  }
}
