package io.caravan.anthropic;

import java.util.Arrays;

/** Where in a request the reader is; made into text only for an error. */
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

  AnthropicException error(String message) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < depth; i++) {
      text.append(i == 0 ? "" : ".").append(steps[i]);
    }
    return AnthropicException.invalid(text.append(": ").append(message).toString());
  }
}
