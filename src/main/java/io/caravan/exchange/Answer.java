package io.caravan.exchange;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.Event;
import io.caravan.anthropic.Usage;
import io.caravan.openai.MalformedStreamException;
import io.caravan.openai.SsePayloads;
import java.util.List;

/**
 * Reads the stream of one attempt: translates it or passes it through. The step that converts the
 * request makes it and hands it over by {@link Attempt#prepare}; the route that reads the stream
 * knows its type. It is used by one thread at a time.
 */
public interface Answer {
  /**
   * Looks at a payload at the beginning of the stream, while nothing has been sent to the client.
   * The call stage looks at one payload after the other until one shows content or the end. The
   * same payloads are then the first part of the split, so this method must not consume them.
   *
   * @param part the payloads of one read
   * @param index the index of the payload, from 0
   * @return the outcome of the call, as far as this payload shows it
   * @throws MalformedStreamException if the payload can't be read; the call has failed, and it may
   *     be retried
   */
  Opening inspect(SsePayloads part, int index);

  /**
   * Returns whether a payload that was inspected has shown the completion's end: a finish reason,
   * or the whole message. A response without one has broken off.
   */
  default boolean endInspected() {
    return true;
  }

  /**
   * Ends the stream after a failure. By default the events are one error event.
   *
   * @param cause the error for the client
   * @return the last events for the client: an error; or, if only the usage was missing, the end of
   *     the message, so that {@link #failed} returns false
   */
  default List<Event> fail(AnthropicException cause) {
    return List.of(Event.Failure.of(cause));
  }

  /** Returns whether {@link #fail} has ended the message with an error; true by default. */
  default boolean failed() {
    return true;
  }

  /** Returns the tokens used so far, or null if the upstream has reported none. */
  Usage usage();

  /**
   * Returns whether the upstream has reported the tokens of the prompt; else they are an estimate.
   */
  default boolean inputCounted() {
    return true;
  }

  /** Returns whether the upstream has reported the tokens of its output. */
  default boolean outputCounted() {
    return true;
  }

  /**
   * Adds the losses and the recovered tool calls of the stream to a report; by default there are
   * none.
   *
   * @param request the report of the request's translation
   */
  default TranslationReport report(TranslationReport request) {
    return request;
  }
}
