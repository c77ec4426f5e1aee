package io.caravan.servertools;

import io.caravan.anthropic.ServerToolUsage;
import io.caravan.anthropic.Tool;
import java.util.Map;

/**
 * A tool that the gateway runs, for one request. It is used by one thread at a time.
 *
 * <p>The model reads a result only through {@link #words}, made of the very block that the client
 * gets. So it reads the same again when the client replays the block, and the prompt's beginning
 * stays the same, byte by byte.
 */
public interface ServerTool {
  /** Returns the tool as the model is offered it: with a description and a schema. */
  Tool offered();

  /** Returns the route that runs a call, without {@code direct:}. */
  String route();

  /**
   * Returns the route's body for a call.
   *
   * @throws ServerToolException if the call is not to be run
   */
  Object body(ServedCall call) throws ServerToolException;

  /**
   * Returns the content of the call's result block.
   *
   * @param found the body that the route has left
   * @throws ServerToolException if that is no result
   */
  Object content(ServedCall call, Object found) throws ServerToolException;

  /** Returns the use of a call that had a result. */
  ServerToolUsage use();

  /**
   * Returns what the model reads of a result.
   *
   * @param content the content of a result block of this tool, as it was made or replayed
   */
  String words(Object content);

  /** Returns the type of the tool's result blocks. */
  default String resultType() {
    return offered().name() + "_tool_result";
  }

  /** Returns the content of a result block that reports a failure. */
  default Map<String, Object> error(String code) {
    return Map.of("type", resultType() + "_error", "error_code", code);
  }
}
