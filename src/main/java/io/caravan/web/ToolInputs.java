package io.caravan.web;

import io.caravan.json.JsonTree;
import io.caravan.servertools.ServedCall;
import io.caravan.servertools.ServerToolException;
import java.util.Map;

/** Reads the arguments of a call. */
final class ToolInputs {
  private ToolInputs() {}

  /**
   * Returns a text of a call's arguments.
   *
   * @throws ServerToolException if there is none
   */
  static String text(ServedCall call, String name) throws ServerToolException {
    try {
      Object tree = JsonTree.read(call.input());
      if (tree instanceof Map<?, ?> map
          && map.get(name) instanceof String text
          && !text.isBlank()) {
        return text.strip();
      }
    } catch (IllegalArgumentException e) {
      // It is no JSON: the model is told so.
    }
    throw new ServerToolException(WebErrors.INVALID_INPUT);
  }
}
