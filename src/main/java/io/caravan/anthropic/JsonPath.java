package io.caravan.anthropic;

import java.util.Arrays;

/** The reader's place in a request. It becomes text only for an error. */
final class JsonPath {
  private Object[] steps = new Object[16];
  private int depth;

  void enter(Object step) {
    if (depth == steps.length) {
      steps = Arrays.copyOf(steps, depth * 2);
    }
    steps[depth++] = step;
  }

  void leave() {
    depth--;
  }

  /** Puts a step before the last one: the type of a union. */
  void nest(Object step) {
    Object last = steps[depth - 1];
    steps[depth - 1] = step;
    enter(last);
  }

  /** Undoes {@link #nest}. */
  void unnest() {
    steps[depth - 2] = steps[depth - 1];
    depth--;
  }

  AnthropicException error(String message) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < depth; i++) {
      text.append(i == 0 ? "" : ".").append(steps[i]);
    }
    return AnthropicException.invalid(text.append(": ").append(message).toString());
  }
}
