package io.caravan.stage;

import io.caravan.anthropic.MessagesRequest;
import io.caravan.openai.Dialects;
import io.caravan.openai.LearnedQuirks;
import io.caravan.openai.ModelQuirks;
import io.caravan.openai.Protocol;
import io.caravan.translate.ReasoningMemory;
import io.caravan.translate.RequestForwarder;
import io.caravan.translate.TranslationOptions;
import io.caravan.translate.UpstreamRequest;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Stands in for {@link Convert} where the upstream speaks the Messages API itself: the request goes
 * on as it came but for the model's name and a {@code max_tokens} that the model can give.
 */
public final class PassOn implements Processor {
  private final RequestForwarder forwarder = new RequestForwarder();
  private final Dialects dialects = new Dialects();
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
    ModelQuirks learned = Convert.learned(exchange, choice, quirks);
    UpstreamRequest upstream =
        forwarder.forward(
            request,
            dialects.of(choice.provider(), choice.card(), learned.card()),
            choice.model(),
            learned,
            new TranslationOptions(tokens, strict, ReasoningMemory.NONE));
    exchange.setProperty(Contract.PROTOCOL, Protocol.ANTHROPIC.name());
    exchange.setProperty(Contract.UPSTREAM_REQUEST, upstream);
    exchange.setProperty(Contract.PASSED, new PassedAnswer());
    ResponseHeaders.of(exchange).remove("caravan-prefix");
    Convert.tellLosses(exchange, upstream, null);
    exchange.getMessage().setBody(upstream.body());
  }
}
