package io.caravan.anthropic;

/**
 * The uses of tools that the server has run for a message, {@code usage.server_tool_use}. Only
 * those count that had a result (platform documentation, "Web search tool": a failed search isn't
 * billed).
 */
public record ServerToolUsage(int webSearchRequests, int webFetchRequests) {
  /** The usage of a message for which the server has run no tool. */
  public static final ServerToolUsage NONE = new ServerToolUsage(0, 0);

  /** Returns the sum of this and another one, which may be null. */
  public ServerToolUsage plus(ServerToolUsage other) {
    return other == null
        ? this
        : new ServerToolUsage(
            webSearchRequests + other.webSearchRequests, webFetchRequests + other.webFetchRequests);
  }
}
