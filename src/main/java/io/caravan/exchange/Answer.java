package io.caravan.exchange;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.Event;
import io.caravan.markup.MarkupRecovery;
import io.caravan.openai.Chunk;
import io.caravan.openai.UpstreamError;
import io.caravan.provider.Protocol;
import io.caravan.translate.response.AnswerOutcome;
import io.caravan.translate.response.StreamSettings;
import io.caravan.translate.response.StreamTranslator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.camel.Exchange;

/**
 * The answer to one request as it grows: chunks go in, events come out. One instance an attempt.
 */
public final class Answer {
  private final StreamTranslator translator;
  private List<Event> pending = new ArrayList<>();
  private MarkupRecovery recovery;

  public Answer(StreamSettings settings, Function<UpstreamError, AnthropicException> failures) {
    translator = new StreamTranslator(settings, failures, event -> pending.add(event));
  }

  /**
   * The answer that is being given; null before the request has been converted, and where the
   * answer of an upstream that speaks the Messages API itself is passed on.
   */
  public static Answer of(Exchange exchange) {
    boolean passed = Protocol.ANTHROPIC.name().equals(exchange.getProperty(Contract.PROTOCOL));
    return passed ? null : exchange.getProperty(Contract.ANSWER, Answer.class);
  }

  /** What finds tool calls in this answer's text; made by the first who asks. */
  public MarkupRecovery recovery(Supplier<MarkupRecovery> maker) {
    if (recovery == null) {
      recovery = maker.get();
    }
    return recovery;
  }

  /** The events that some chunks give. */
  public List<Event> accept(Iterable<Chunk> chunks) {
    chunks.forEach(translator::accept);
    return take();
  }

  /** The events that the end of the upstream's answer gives. */
  public List<Event> end() {
    if (recovery != null) {
      recovery.end().forEach(translator::accept);
    }
    translator.end();
    return take();
  }

  /** The events that tell of a failure, or of the end where all but the usage was there. */
  public List<Event> fail(AnthropicException cause) {
    if (recovery != null && translator.isFinished()) {
      recovery.end().forEach(translator::accept);
    }
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

  /** Adds what the answer lost, and what was found in its text; to be asked once it has ended. */
  public TranslationReport tell(TranslationReport request) {
    return recovery == null
        ? request.ofAnswer(outcome().losses(), Map.of(), 0)
        : request.ofAnswer(outcome().losses(), recovery.recovered(), recovery.givenUp());
  }

  private List<Event> take() {
    List<Event> events = pending;
    pending = new ArrayList<>();
    return events;
  }
}
