package io.caravan.stage;

import io.caravan.anthropic.MessagesRequest;
import io.caravan.exchange.Contract;
import io.caravan.exchange.ModelChoice;
import io.caravan.exchange.PassThroughAnswer;
import io.caravan.exchange.ResponseHeaders;
import io.caravan.provider.Dialects;
import io.caravan.provider.Protocol;
import io.caravan.provider.learned.LearnedQuirks;
import io.caravan.provider.learned.ModelQuirks;
import io.caravan.translate.reasoning.ReasoningMemory;
import io.caravan.translate.request.PassThroughTranslator;
import io.caravan.translate.request.TranslationOptions;
import io.caravan.translate.request.UpstreamRequest;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Stands in for {@link Convert} where the upstream speaks the Messages API itself: the request goes
 * on as it came but for the model's name and a {@code max_tokens} that the model can give.
 */
public final class PassThroughRequest implements Processor {
  private final PassThroughTranslator forwarder = new PassThroughTranslator();
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
    exchange.setProperty(Contract.PASSED, new PassThroughAnswer());
    ResponseHeaders.of(exchange).remove("caravan-prefix");
    Convert.tellLosses(exchange, upstream, null);
    exchange.getMessage().setBody(upstream.body());
  }
}
