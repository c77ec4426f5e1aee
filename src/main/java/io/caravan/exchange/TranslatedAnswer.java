package io.caravan.exchange;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.Event;
import io.caravan.anthropic.Usage;
import io.caravan.markup.MarkupRecovery;
import io.caravan.openai.Chunk;
import io.caravan.openai.ChunkReader;
import io.caravan.openai.SsePayloads;
import io.caravan.openai.UpstreamError;
import io.caravan.translate.response.AnswerOutcome;
import io.caravan.translate.response.StreamSettings;
import io.caravan.translate.response.StreamTranslator;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.camel.Exchange;

/**
 * Translates a stream: chunks of OpenAI's protocol go in, events of Anthropic's protocol come out.
 */
public final class TranslatedAnswer implements Answer {
  private final StreamTranslator translator;
  private final ChunkReader reader;
  private List<Event> pending = new ArrayList<>();
  private MarkupRecovery recovery;
  private boolean endInspected;

  /**
   * Makes a translation of one stream.
   *
   * @param failures translates an error that the upstream reports in the stream
   */
  public TranslatedAnswer(
      StreamSettings settings, Function<UpstreamError, AnthropicException> failures) {
    reader = new ChunkReader(settings.stopSequences());
    translator = new StreamTranslator(settings, failures, event -> pending.add(event));
  }

  /**
   * Returns the translation of an exchange's present attempt.
   *
   * @throws IllegalStateException if the attempt is not translated
   */
  public static TranslatedAnswer of(Exchange exchange) {
    return Attempt.of(exchange).answer(TranslatedAnswer.class);
  }

  /** Returns the reader of this stream's chunks. It is not safe for use by two threads. */
  public ChunkReader reader() {
    return reader;
  }

  @Override
  public Opening inspect(SsePayloads part, int index) {
    Chunk chunk = reader.read(part, index);
    part.keep(chunk);
    if (!chunk.content().isEmpty() && translator.stopsAhead(chunk.content())) {
      endInspected = true;
    }
    endInspected |= chunk.finishReason() != null;
    if (chunk.error() != null) {
      return Opening.failed(chunk.error());
    }
    if (chunk.isDone()) {
      return Opening.END;
    }
    return chunk.decides() ? Opening.CONTENT : Opening.NOTHING;
  }

  @Override
  public boolean endInspected() {
    return endInspected;
  }

  /** Returns whether the finish reason has come, and the stream's end not yet. */
  public boolean isFinishing() {
    return translator.isFinished() && !translator.isEnded();
  }

  /** Returns whether the upstream has reported its usage. */
  public boolean isCounted() {
    return translator.isCounted();
  }

  /**
   * Returns the recovery of tool calls from this stream's text.
   *
   * @param maker makes it at the first call
   */
  public MarkupRecovery recovery(Supplier<MarkupRecovery> maker) {
    if (recovery == null) {
      recovery = maker.get();
    }
    return recovery;
  }

  /** Translates chunks and returns their events, which may be none. */
  public List<Event> accept(Iterable<Chunk> chunks) {
    chunks.forEach(translator::accept);
    return take();
  }

  /** Returns whether the message has ended at a stop sequence, before the upstream's own end. */
  public boolean isStopped() {
    return translator.isStopped();
  }

  /** Ends the translation and returns the last events of the message. */
  public List<Event> end() {
    if (recovery != null) {
      recovery.end().forEach(translator::accept);
    }
    translator.end();
    return take();
  }

  /** Continues a message of which only the beginning has gone out, and no block. */
  public void resume() {
    translator.resume();
  }

  /**
   * Returns whether the completion was of no use and the client has had nothing of it, so that the
   * message should be requested once more.
   */
  public boolean isRepeatable() {
    return translator.isRepeatable();
  }

  @Override
  public List<Event> fail(AnthropicException cause) {
    if (recovery != null && translator.isFinished()) {
      recovery.end().forEach(translator::accept);
    }
    translator.fail(cause);
    return take();
  }

  @Override
  public boolean failed() {
    return outcome().failure() != null;
  }

  @Override
  public Usage usage() {
    return outcome().usage();
  }

  @Override
  public boolean inputCounted() {
    return outcome().inputCounted();
  }

  @Override
  public boolean outputCounted() {
    return outcome().outputCounted();
  }

  /** Returns the outcome of the completion, which is final once the stream has ended. */
  public AnswerOutcome outcome() {
    return translator.outcome();
  }

  @Override
  public TranslationReport report(TranslationReport request) {
    Collection<String> tools = outcome().toolUses().values();
    return recovery == null
        ? request.ofAnswer(outcome().losses(), Map.of(), 0, tools)
        : request.ofAnswer(outcome().losses(), recovery.recovered(), recovery.givenUp(), tools);
  }

  private List<Event> take() {
    List<Event> events = pending;
    pending = new ArrayList<>();
    return events;
  }
}
