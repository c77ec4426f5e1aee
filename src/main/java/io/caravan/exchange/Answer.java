package io.caravan.exchange;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.Event;
import io.caravan.anthropic.Usage;
import io.caravan.openai.SsePayloads;
import java.util.List;

/**
 * What an upstream sends, as it is read: translated, or passed through. One an attempt; the step
 * that converts the request makes it, and the route that reads the stream knows its kind.
 */
public interface Answer {
  /** Stands where no call has been prepared: there is only the error to be told. */
  Answer NONE =
      new Answer() {
        @Override
        public Opening inspect(SsePayloads part, int index) {
          return Opening.NOTHING;
        }

        @Override
        public Usage usage() {
          return null;
        }
      };

  /**
   * Looks at a payload of the beginning, before the client has got anything.
   *
   * @return whether it shows how the call has turned out
   */
  Opening inspect(SsePayloads part, int index);

  /**
   * Returns the events that report a failure; or the end, where all but the usage was there, so
   * that it has not {@linkplain #failed failed}.
   */
  default List<Event> fail(AnthropicException cause) {
    return List.of(Event.Failure.of(cause));
  }

  /** Returns whether it ends in the failure that was reported. */
  default boolean failed() {
    return true;
  }

  /** Returns what it has cost so far, or null where the upstream has said nothing of it. */
  Usage usage();

  /** Adds to the report what translating it has lost and found. */
  default TranslationReport report(TranslationReport request) {
    return request;
  }
}
