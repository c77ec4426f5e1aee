package io.caravan.doctor;

import io.caravan.anthropic.Event;
import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.PassThroughEvent;
import io.caravan.anthropic.RequestReader;
import io.caravan.anthropic.Usage;
import io.caravan.exchange.Answer;
import io.caravan.exchange.Contract;
import io.caravan.exchange.ModelChoice;
import io.caravan.exchange.UpstreamStream;
import io.caravan.openai.SsePayloads;
import io.caravan.provider.Protocol;
import io.caravan.translate.response.AnswerOutcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultExchange;

/** One real call, on the way that every message goes, and what was seen of its answer. */
final class TestCall {
  private final CamelContext context;
  private final Exchange exchange;
  private Exception failure;
  private int parts;
  private boolean text;
  private boolean toolCall;
  private boolean inputCounted;
  private boolean outputCounted;

  private TestCall(CamelContext context) {
    this.context = context;
    this.exchange = new DefaultExchange(context);
  }

  static TestCall of(CamelContext context, ModelChoice choice, String json) {
    TestCall trial = new TestCall(context);
    try {
      trial.run(choice, json);
    } catch (Exception e) {
      trial.failure = e;
    }
    return trial;
  }

  private void run(ModelChoice choice, String json) throws Exception {
    MessagesRequest request = new RequestReader().read(json.getBytes(StandardCharsets.UTF_8));
    exchange.setProperty(Contract.REQUEST_ID, "req_doctor");
    exchange.setProperty(Contract.REQUEST, request);
    exchange.setProperty(Contract.MODEL, choice);
    exchange.setProperty(Contract.PROVIDER, choice.provider().getName());
    exchange.setProperty(Contract.FALLBACKS, List.of());
    try (var producer = context.createProducerTemplate()) {
      producer.send("direct:open-answer", exchange);
    }
    Exception thrown =
        exchange.getException() == null
            ? exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class)
            : exchange.getException();
    if (thrown != null) {
      throw thrown;
    }
    try (UpstreamStream stream = exchange.getMessage().getBody(UpstreamStream.class)) {
      read(stream);
    }
  }

  private void read(UpstreamStream stream) throws Exception {
    boolean passed = Protocol.ANTHROPIC.name().equals(exchange.getProperty(Contract.PROTOCOL));
    for (SsePayloads part = stream.next(); part != null; part = stream.next()) {
      parts++;
      if (passed) {
        readPassed(part);
      } else {
        readChunks(part);
      }
    }
    if (!passed) {
      Answer answer = exchange.getProperty(Contract.ANSWER, Answer.class);
      answer.end().forEach(this::see);
      AnswerOutcome outcome = answer.outcome();
      inputCounted = outcome.inputCounted();
      outputCounted = outcome.outputCounted();
      if (outcome.failure() != null) {
        throw outcome.failure();
      }
    }
  }

  /** By the same steps as a message, also where a user has put others in their places. */
  private void readChunks(SsePayloads part) throws Exception {
    exchange.getMessage().setBody(part);
    for (String step : List.of("readChunks", "recoverToolCalls", "convertChunks")) {
      context.getRegistry().lookupByNameAndType(step, Processor.class).process(exchange);
    }
    List<?> events = exchange.getMessage().getBody(List.class);
    events.forEach(event -> see((Event) event));
  }

  private void see(Event event) {
    text |= event instanceof Event.TextDelta || event instanceof Event.ThinkingDelta;
    toolCall |= event instanceof Event.ToolUseStart;
  }

  private void readPassed(SsePayloads part) throws IOException {
    for (int i = 0; i < part.size(); i++) {
      PassThroughEvent event = PassThroughEvent.read(part.buffer(), part.offset(i), part.length(i));
      text |= "content_block_delta".equals(event.type());
      toolCall |= event.json().toString().contains("\"tool_use\"");
      Usage usage = event.usage();
      inputCounted |= usage != null && usage.inputTokens() >= 0;
      outputCounted |= usage != null && usage.outputTokens() >= 0;
    }
  }

  /** What went wrong, or null. */
  Exception failure() {
    return failure;
  }

  /** How many pieces the answer came in. */
  int parts() {
    return parts;
  }

  boolean hasText() {
    return text;
  }

  boolean hasToolCall() {
    return toolCall;
  }

  /** Whether the upstream told the tokens of prompt and answer. */
  boolean hasUsage() {
    return inputCounted && outputCounted;
  }
}
