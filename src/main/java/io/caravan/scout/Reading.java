package io.caravan.scout;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorType;
import io.caravan.anthropic.PassThroughEvent;
import io.caravan.json.JsonTree;
import io.caravan.json.RawJson;
import io.caravan.openai.ErrorBodies;
import io.caravan.openai.UpstreamError;
import io.caravan.scout.Observation.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads the events of one response, with the times at which they came. */
final class Reading {
  /** The fewest tokens of which a speed is measured. */
  private static final long FEWEST = 20;

  /** The most characters of a response: no check allows as many tokens. */
  private static final int LONGEST = 200_000;

  private final StringBuilder text = new StringBuilder();
  private final List<String> names = new ArrayList<>();
  private final List<StringBuilder> inputs = new ArrayList<>();
  private int characters;
  private Runnable onEndless = () -> {};
  private boolean thought;
  private Exception error;
  private long begin = System.nanoTime();
  private long first;
  private long last;

  /** Starts the measurement of time. */
  void begin() {
    begin = System.nanoTime();
  }

  /** Sets what ends the response if it is too long. */
  void onEndless(Runnable end) {
    onEndless = end;
  }

  void see(PassThroughEvent event) {
    if (isEndless()) {
      return;
    }
    if (event.isError()) {
      error = error(ErrorBodies.parse(event.json().toString()));
    } else if ("content_block_start".equals(event.type())) {
      start(part(event, "content_block"));
    } else if ("content_block_delta".equals(event.type())) {
      delta(part(event, "delta"));
    }
  }

  private static Exception error(UpstreamError error) {
    boolean late = ErrorType.TIMEOUT.code().equals(error.type());
    return new AnthropicException(late ? ErrorType.TIMEOUT : ErrorType.API, error.message());
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
      count(words);
    } else if (delta.get("thinking") instanceof String words) {
      thought |= !words.isBlank();
      count(words);
    } else if (delta.get("partial_json") instanceof String json && !inputs.isEmpty()) {
      inputs.get(inputs.size() - 1).append(json);
      count(json);
    }
  }

  private void count(String words) {
    characters += words.length();
    if (isEndless()) {
      onEndless.run();
    }
  }

  /** Returns whether the response was longer than any that a check asks for. */
  boolean isEndless() {
    return characters > LONGEST;
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
