package io.caravan.anthropic;

/**
 * An event of a streamed message. A valid stream begins with message_start. Then come blocks one
 * after the other with consecutive indexes, each of a start, deltas of its kind and a stop. One
 * message_delta and message_stop end it. An error may end it at any place.
 */
public sealed interface Event {
  /** The message begins. */
  record MessageStart(String id, String model, Usage usage) implements Event {}

  /** A text block begins. */
  record TextStart(int index) implements Event {}

  /** A thinking block begins. */
  record ThinkingStart(int index) implements Event {}

  /**
   * A tool call begins; its input follows as {@link InputJsonDelta}s, of which there is at least
   * one.
   */
  record ToolUseStart(int index, String id, String name) implements Event {}

  /** More text. */
  record TextDelta(int index, String text) implements Event {}

  /** More reasoning. */
  record ThinkingDelta(int index, String thinking) implements Event {}

  /** The signature of a thinking block. */
  record SignatureDelta(int index, String signature) implements Event {}

  /**
   * A call of a tool that the server runs begins; its input follows as {@link InputJsonDelta}s, of
   * which there is at least one.
   */
  record ServerToolUseStart(int index, String id, String name) implements Event {}

  /** More of a tool call's input, as JSON text. */
  record InputJsonDelta(int index, String partialJson) implements Event {}

  /** A whole block of another kind, given as JSON in its start: a server tool's result. */
  record OtherStart(int index, String json) implements Event {}

  /** The block is complete. */
  record BlockStop(int index) implements Event {}

  /**
   * The reason why the message ended, and its usage.
   *
   * @param safeguardResults the verdicts on the message's tool calls as JSON, or null if the client
   *     has not asked for them
   */
  record MessageDelta(String stopReason, String stopSequence, Usage usage, String safeguardResults)
      implements Event {
    /** Makes the event without verdicts. */
    public MessageDelta(String stopReason, String stopSequence, Usage usage) {
      this(stopReason, stopSequence, usage, null);
    }
  }

  /** The message is complete. */
  record MessageStop() implements Event {}

  /** The message ends with an error ({@code event: error}); nothing follows. */
  record Failure(ErrorType type, String message) implements Event {
    /**
     * Returns a failure as an event of an open stream. A temporary failure is reported as
     * overloaded: Claude Code then waits and streams again. On any other type it repeats the
     * request at once, without streaming and with another limit (seen with 2.1.330).
     */
    public static Failure of(AnthropicException cause) {
      boolean passes =
          switch (cause.type()) {
            case RATE_LIMIT, API, TIMEOUT, OVERLOADED -> !Boolean.FALSE.equals(cause.shouldRetry());
            default -> false;
          };
      return new Failure(passes ? ErrorType.OVERLOADED : cause.type(), cause.getMessage());
    }
  }
}
