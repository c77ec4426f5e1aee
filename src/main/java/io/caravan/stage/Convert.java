package io.caravan.stage;

import io.caravan.anthropic.MessageAggregator;
import io.caravan.anthropic.MessagesRequest;
import io.caravan.openai.Dialect;
import io.caravan.openai.LearnedQuirks;
import io.caravan.translate.ReasoningMemory;
import io.caravan.translate.RequestTranslator;
import io.caravan.translate.StreamSettings;
import io.caravan.translate.ToolIds;
import io.caravan.translate.ToolNames;
import io.caravan.translate.TranslationOptions;
import io.caravan.translate.UpstreamRequest;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Writes the request as the provider takes it, and gets ready to understand the answer. */
public final class Convert implements Processor {
  private final RequestTranslator translator = new RequestTranslator();
  private LearnedQuirks quirks = new LearnedQuirks();
  private boolean strict;

  /** Whether a request that would lose something on the way is refused instead. */
  public void setStrict(boolean strict) {
    this.strict = strict;
  }

  /** What is known of upstreams from their own complaints. */
  public void setQuirks(LearnedQuirks quirks) {
    this.quirks = quirks;
  }

  @Override
  public void process(Exchange exchange) {
    MessagesRequest request = exchange.getProperty(Contract.REQUEST, MessagesRequest.class);
    ModelChoice choice = exchange.getProperty(Contract.MODEL, ModelChoice.class);
    long tokens = exchange.getProperty(Contract.INPUT_TOKENS, 0L, Long.class);
    Dialect dialect = Dialect.of(choice.provider(), choice.card());
    UpstreamRequest upstream =
        translator.translate(
            request,
            dialect,
            choice.model(),
            quirks.forModel(choice.provider().getName(), choice.model()),
            new TranslationOptions(tokens, strict, ReasoningMemory.NONE));
    exchange.setProperty(Contract.UPSTREAM_REQUEST, upstream);
    UpstreamFailures failures = new UpstreamFailures(exchange.getContext());
    exchange.setProperty(
        Contract.ANSWER,
        new Answer(
            settings(exchange, request, dialect, upstream),
            error -> failures.inStream(exchange, error)));
    exchange.setProperty(Contract.AGGREGATOR, new MessageAggregator());
    tellLosses(exchange, upstream);
    exchange.getMessage().setBody(upstream.body());
  }

  private static StreamSettings settings(
      Exchange exchange, MessagesRequest request, Dialect dialect, UpstreamRequest upstream) {
    ToolNames names = upstream.toolNames();
    long tokens = exchange.getProperty(Contract.INPUT_TOKENS, 0L, Long.class);
    boolean parallel = request.toolChoice() == null || !request.toolChoice().parallelDisabled();
    return new StreamSettings(
        "msg_" + exchange.getProperty(Contract.REQUEST_ID, "", String.class).replace("req_", ""),
        request.model(),
        tokens,
        dialect.contextWindow() == null ? 0 : dialect.contextWindow(),
        request.thinking().wanted(),
        request.thinking().omitted(),
        false,
        parallel,
        names.declared(),
        names::original,
        ToolIds::issue,
        request.stopSequences(),
        upstream.prefill() == null ? "" : upstream.prefill(),
        text -> text.length() / 4);
  }

  private static void tellLosses(Exchange exchange, UpstreamRequest upstream) {
    if (!upstream.losses().isEmpty()) {
      ResponseHeaders.of(exchange).put("caravan-lossy", upstream.losses().toString());
    }
  }
}
