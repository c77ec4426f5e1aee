package io.caravan.stage;

import io.caravan.anthropic.Event;
import io.caravan.exchange.Attempt;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.NonBlocking;
import io.caravan.http.loop.LoopThreads;
import io.caravan.judge.PendingVerdicts;
import io.caravan.judge.route.Judges;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Sends each tool call of a message to the judge as soon as its block is whole, if the client asks
 * for verdicts ({@code safeguards}, Claude Code's auto mode). The stream goes on meanwhile; only
 * its last events are kept, and {@link FinishMessage} sends them with the verdicts. The body is a
 * {@code List<Event>} before and after. It is off until a judge is named: the client is then told
 * {@code unsupported}.
 */
@NonBlocking
public final class JudgeTools implements Processor {
  private Judges judges;

  /** Sets the judges. */
  public void setJudges(Judges judges) {
    this.judges = judges;
  }

  @Override
  @SuppressWarnings("unchecked")
  public void process(Exchange exchange) {
    GatewayRequest request = GatewayRequest.of(exchange);
    if (request.message().safeguards() == null) {
      return;
    }
    LoopThreads.leave();
    Attempt attempt = Attempt.of(exchange);
    PendingVerdicts verdicts = judges.of(exchange, attempt);
    List<Event> events = exchange.getMessage().getBody(List.class);
    exchange.getMessage().setBody(verdicts.accept(events));
    if (verdicts.isHolding()) {
      verdicts.whenPlaced(attempt::releasePermit);
    }
    announce(request, verdicts);
  }

  /** Names the judge in a header, if that can still be sent when the first call is there. */
  static void announce(GatewayRequest request, PendingVerdicts verdicts) {
    if (verdicts.hasSeenCall() && verdicts.judgeName() != null && !request.response().started()) {
      request.headers().putIfAbsent(Verdicts.HEADER, verdicts.judgeName());
    }
  }
}
