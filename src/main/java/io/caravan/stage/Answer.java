package io.caravan.stage;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.Event;
import io.caravan.openai.Chunk;
import io.caravan.openai.UpstreamError;
import io.caravan.translate.AnswerOutcome;
import io.caravan.translate.StreamSettings;
import io.caravan.translate.StreamTranslator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The answer to one request as it grows: chunks go in, events come out. One instance an attempt. */
public final class Answer {
  private final StreamTranslator translator;
  private List<Event> pending = new ArrayList<>();

  Answer(StreamSettings settings, Function<UpstreamError, AnthropicException> failures) {
    translator = new StreamTranslator(settings, failures, event -> pending.add(event));
  }

  /** The events that some chunks give. */
  public List<Event> accept(Iterable<Chunk> chunks) {
    chunks.forEach(translator::accept);
    return take();
  }

  /** The events that the end of the upstream's answer gives. */
  public List<Event> end() {
    translator.end();
    return take();
  }

  /** The events that tell of a failure. */
  public List<Event> fail(AnthropicException cause) {
    translator.fail(cause);
    return take();
  }

  /** Whether the last event has gone out. */
  public boolean ended() {
    return translator.isEnded();
  }

  /** What became of it; to be asked once it has ended. */
  public AnswerOutcome outcome() {
    return translator.outcome();
  }

  private List<Event> take() {
    List<Event> events = pending;
    pending = new ArrayList<>();
    return events;
  }
}
