package io.caravan.stage;

import io.caravan.anthropic.Block;
import io.caravan.anthropic.Event;
import io.caravan.anthropic.Message;
import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.Usage;
import io.caravan.exchange.Attempt;
import io.caravan.exchange.GatewayRequest;
import io.caravan.judge.PendingVerdicts;
import io.caravan.judge.ToolCall;
import io.caravan.judge.route.Judges;
import io.caravan.provider.Provider;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;

/**
 * Answers a request for verdicts alone: {@code max_tokens: 0} beside {@code safeguards}. Claude
 * Code reviews a sub-agent's report by one whose last message is the assistant's, with the call
 * that hands the report back, and reads {@code safeguard_results} of the whole message (its
 * program, 2.1.332). No model but the judge is called.
 */
public final class AnswerVerdicts implements Processor, Predicate {
  private static final Usage NOTHING = new Usage(0, 0, 0, 0, 0);

  private Judges judges;

  /** Sets the judges. */
  public void setJudges(Judges judges) {
    this.judges = judges;
  }

  /** Returns whether the request is one, and its upstream doesn't answer it itself. */
  @Override
  public boolean matches(Exchange exchange) {
    return areAsked(exchange);
  }

  static boolean areAsked(Exchange exchange) {
    MessagesRequest request = GatewayRequest.of(exchange).message();
    return Integer.valueOf(0).equals(request.maxTokens())
        && request.safeguards() != null
        && !passes(Attempt.of(exchange).model().provider());
  }

  /** Returns whether a provider's upstream answers safeguards itself. */
  static boolean passes(Provider provider) {
    return provider.speaksMessages() && provider.passesSafeguards();
  }

  @Override
  public void process(Exchange exchange) {
    GatewayRequest request = GatewayRequest.of(exchange);
    PendingVerdicts verdicts = judges.begin(request);
    calls(request.message().messages()).forEach(verdicts::judge);
    JudgeTools.announce(request, verdicts);
    verdicts.hold(
        List.of(new Event.MessageDelta("max_tokens", null, NOTHING), new Event.MessageStop()));
    List<Event> ending = verdicts.ending(Verdicts.await(request, verdicts));
    request.summary().cost(NOTHING);
    exchange
        .getMessage()
        .setBody(
            List.of(
                new Event.MessageStart(request.messageId(), request.message().model(), NOTHING),
                ending.get(0),
                ending.get(1)));
  }

  private static List<ToolCall> calls(List<Message> messages) {
    Message last = messages.get(messages.size() - 1);
    return last.role() != Message.Role.ASSISTANT
        ? List.of()
        : last.content().stream()
            .filter(Block.ToolUse.class::isInstance)
            .map(Block.ToolUse.class::cast)
            .map(use -> new ToolCall(use.id(), use.name(), use.input().toString()))
            .toList();
  }
}
