package io.caravan.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorType;
import io.caravan.anthropic.Event;
import io.caravan.anthropic.MessageAggregator;
import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.RequestReader;
import io.caravan.anthropic.SseEncoder;
import io.caravan.anthropic.Tool;
import io.caravan.json.RawJson;
import io.caravan.markup.MarkupDocument;
import io.caravan.markup.MarkupRecovery;
import io.caravan.markup.MarkupSettings;
import io.caravan.openai.Chunk;
import io.caravan.openai.ChunkReader;
import io.caravan.openai.MalformedStreamException;
import io.caravan.openai.SseFrames;
import io.caravan.openai.UpstreamError;
import io.caravan.provider.Dialect;
import io.caravan.provider.ModelCard;
import io.caravan.provider.Provider;
import io.caravan.provider.learned.DroppedFields;
import io.caravan.translate.error.FailureContext;
import io.caravan.translate.error.FailureTranslator;
import io.caravan.translate.error.Secrets;
import io.caravan.translate.error.TransportFailure;
import io.caravan.translate.request.RequestTranslator;
import io.caravan.translate.request.TranslationOptions;
import io.caravan.translate.request.UpstreamRequest;
import io.caravan.translate.response.AnswerOutcome;
import io.caravan.translate.response.StreamSettings;
import io.caravan.translate.response.StreamTranslator;
import io.caravan.translate.response.ThinkTag;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sends the bytes of an upstream's response through the stages of a stream, without a server:
 * frames, chunks, recovery of markup, events, and the bytes for the client.
 */
public final class StreamRun {
  /** The estimate of the input in all runs. */
  public static final long ESTIMATE = 10;

  private static final FailureTranslator FAILURES = new FailureTranslator(Secrets.of(List.of()));
  private static final FailureContext CONTEXT = FailureContext.of("up", "the-model");

  private final SseFrames frames = new SseFrames(this::payload);
  private static final List<ThinkTag> THINK_TAGS =
      ThinkTag.withCommon(
          MarkupDocument.bundled().stream()
              .filter(document -> !document.getThinkOpen().isEmpty())
              .map(document -> new ThinkTag(document.getThinkOpen(), document.getThinkClose()))
              .toList());

  private final ChunkReader reader;
  private final MarkupRecovery markup;
  private final StreamTranslator translator;
  private final SseEncoder encoder = new SseEncoder(16);
  private final MessageAggregator aggregator = new MessageAggregator();
  private final List<Event> events = new ArrayList<>();

  private StreamRun(MessagesRequest request, Dialect dialect) {
    UpstreamRequest sent =
        new RequestTranslator()
            .translate(request, dialect, "up", DroppedFields.NONE, TranslationOptions.DEFAULT);
    Map<String, RawJson> tools = new LinkedHashMap<>();
    for (Tool tool : request.tools()) {
      tools.put(tool.name(), sent.schemas().written(tool.name(), tool.inputSchema()));
    }
    reader = new ChunkReader(request.stopSequences());
    markup = new MarkupRecovery(new MarkupSettings(MarkupSettings.allFamilies(), tools, null));
    translator =
        new StreamTranslator(
            StreamSettings.of(
                    request, sent, dialect, "msg_test", ESTIMATE, text -> (text.length() + 3) / 4)
                .withThinkTags(THINK_TAGS),
            StreamRun::failure,
            this::event);
  }

  /** Returns a run of a case that has no bytes yet. */
  public static StreamRun of(CorpusCase corpusCase) {
    byte[] body = corpusCase.requestJson().getBytes(StandardCharsets.UTF_8);
    ModelCard quirks = new ObjectMapper().convertValue(corpusCase.quirks(), ModelCard.class);
    return new StreamRun(new RequestReader().read(body), Dialect.of(new Provider(), quirks));
  }

  private static AnthropicException failure(UpstreamError error) {
    return FAILURES.translate(error, CONTEXT).exception();
  }

  /** Feeds the bytes of one read. */
  public StreamRun feed(byte[] buffer, int offset, int length) {
    try {
      frames.feed(buffer, offset, length);
    } catch (MalformedStreamException e) {
      translator.fail(new AnthropicException(ErrorType.API, e.getMessage()));
    }
    return this;
  }

  /** Ends the response: by its end, or by a reset of the connection. */
  public StreamRun end(boolean reset) {
    try {
      if (!reset) {
        frames.end();
      }
      markup.end().forEach(translator::accept);
    } catch (MalformedStreamException e) {
      translator.fail(new AnthropicException(ErrorType.API, e.getMessage()));
    }
    if (reset) {
      translator.fail(FAILURES.translate(TransportFailure.RESET, null, null, CONTEXT).exception());
    }
    translator.end();
    return this;
  }

  private void payload(byte[] buffer, int offset, int length, boolean named) {
    Chunk chunk = reader.read(buffer, offset, length, named);
    if (chunk.isDone()) {
      markup.end().forEach(translator::accept);
      translator.accept(chunk);
    } else {
      markup.accept(chunk).forEach(translator::accept);
    }
  }

  private void event(Event event) {
    events.add(event);
    encoder.encode(event);
    aggregator.accept(event);
  }

  public List<Event> events() {
    return events;
  }

  /** Returns the bytes that a streaming client reads. */
  public String sse() {
    return new String(encoder.toByteArray(), StandardCharsets.UTF_8);
  }

  /** Returns the events as the client reads them; adds faults of their framing to the list. */
  public List<JsonNode> json(List<String> faults) {
    return SseEvents.parse(sse(), faults);
  }

  public MessageAggregator aggregator() {
    return aggregator;
  }

  public AnswerOutcome outcome() {
    return translator.outcome();
  }
}
