package io.caravan.stage;

import io.caravan.anthropic.Event;
import io.caravan.anthropic.Usage;
import io.caravan.exchange.Attempt;
import io.caravan.exchange.GatewayRequest;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;

/**
 * Answers a request with {@code max_tokens: 0}, which only fills the upstream's prompt cache, with
 * a message without content (Anthropic's API reference, {@code max_tokens}). OpenAI's protocol has
 * no such request. A call that a step before has opened is ended, since its content isn't wanted.
 *
 * <p>Such a request may have {@code safeguards} as well: then the client waits for verdicts on the
 * calls of its last message. A step that answers those has to come before this one.
 */
public final class WarmCache implements Processor, Predicate {
  /** Returns whether the request is one and its upstream doesn't know such requests itself. */
  @Override
  public boolean matches(Exchange exchange) {
    return isAsked(exchange);
  }

  static boolean isAsked(Exchange exchange) {
    return Integer.valueOf(0).equals(GatewayRequest.of(exchange).message().maxTokens())
        && !Attempt.of(exchange).model().provider().speaksMessages();
  }

  @Override
  public void process(Exchange exchange) {
    GatewayRequest request = GatewayRequest.of(exchange);
    Attempt attempt = Attempt.of(exchange);
    boolean called = attempt.usage() != null;
    attempt.close();
    Usage usage = new Usage(called ? GatewayRequest.inputTokens(exchange) : 0, 0, 0, 0, 0);
    request.summary().cost(usage);
    exchange.getMessage().setBody(events(request, usage));
  }

  private static List<Event> events(GatewayRequest request, Usage usage) {
    return List.of(
        new Event.MessageStart(request.messageId(), request.message().model(), usage),
        new Event.MessageDelta("max_tokens", null, usage),
        new Event.MessageStop());
  }
}
