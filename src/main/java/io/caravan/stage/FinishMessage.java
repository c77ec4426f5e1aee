package io.caravan.stage;

import io.caravan.anthropic.Event;
import io.caravan.exchange.Attempt;
import io.caravan.exchange.Contract;
import io.caravan.exchange.Conversations;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.ModelChoice;
import io.caravan.exchange.Reasons;
import io.caravan.exchange.RequestSummary;
import io.caravan.exchange.ToolLoop;
import io.caravan.exchange.TranslatedAnswer;
import io.caravan.translate.response.AnswerLoss;
import io.caravan.translate.response.AnswerOutcome;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the last events of a message and completes the response, once the stream has ended. */
public final class FinishMessage implements Processor {
  private static final Logger LOG = LoggerFactory.getLogger(FinishMessage.class);

  private Conversations conversations;

  /** Sets the memory of conversations, which learns from the completion; null for none. */
  public void setConversations(Conversations conversations) {
    this.conversations = conversations;
  }

  @Override
  public void process(Exchange exchange) {
    TranslatedAnswer answer = TranslatedAnswer.of(exchange);
    List<Event> events = ToolLoop.events(exchange, answer.end());
    if (answer.isRepeatable()) {
      callOnceMore(exchange, answer);
    } else if (ToolLoop.isPending(exchange)) {
      settle(exchange);
      leaveToTools(exchange, events);
    } else {
      exchange.removeProperty(Contract.CALL_ONCE_MORE);
      finish(exchange, events);
    }
  }

  /** Leaves the message to another call, since the client has had nothing of this one. */
  private static void callOnceMore(Exchange exchange, TranslatedAnswer answer) {
    GatewayRequest request = GatewayRequest.of(exchange);
    Attempt attempt = Attempt.of(exchange);
    attempt.close();
    attempt.releasePermit();
    request.attempts().callOnceMore();
    request.attempts().failed(attempt.model(), "tool_arguments");
    LOG.info(
        "Request {}: {} is called once more: {}",
        request.id(),
        attempt.model().fullName(),
        answer.outcome().failure().getMessage());
    Attempt.repeat(exchange);
    exchange.setProperty(Contract.CALL_ONCE_MORE, true);
  }

  /** Leaves the message to its tools, which the gateway runs; the model is then called again. */
  private static void leaveToTools(Exchange exchange, List<Event> events) {
    Attempt attempt = Attempt.of(exchange);
    attempt.close();
    attempt.releasePermit();
    Verdicts.write(GatewayRequest.of(exchange), attempt, events);
    exchange.setProperty(Contract.CALL_ONCE_MORE, true);
  }

  /** Writes the last events of a message that ended well, and completes the response. */
  void finish(Exchange exchange, List<Event> events) {
    settle(exchange);
    WriteMessage.complete(exchange, Verdicts.awaited(exchange, events));
  }

  private void settle(Exchange exchange) {
    GatewayRequest request = GatewayRequest.of(exchange);
    ModelChoice model = Attempt.of(exchange).model();
    TranslatedAnswer answer = TranslatedAnswer.of(exchange);
    AnswerOutcome outcome = answer.outcome();
    RequestSummary summary = request.summary();
    summary.cost(ToolLoop.total(exchange, outcome.usage()));
    summary.estimated(!outcome.inputCounted(), !outcome.outputCounted());
    summary.translated(answer.report(summary.translation()));
    logLosses(request, model, outcome);
    summary.ended(outcome.failure() == null ? "ok" : outcome.failure().type().code());
    if (outcome.failure() != null) {
      summary.because(Reasons.of(outcome.failure()));
    }
    if (conversations != null && outcome.failure() == null && !request.isBeside()) {
      conversations.learn(request, model, outcome);
    }
  }

  /**
   * Logs the losses of a completion, unless they are common: reasoning that the client has not
   * requested, and white space.
   */
  private static void logLosses(GatewayRequest request, ModelChoice model, AnswerOutcome outcome) {
    boolean expected =
        outcome.losses().stream()
            .allMatch(loss -> loss == AnswerLoss.THINKING || loss == AnswerLoss.WHITE_SPACE);
    if (!expected) {
      LOG.info(
          "Request {}: the completion of {} lost {}",
          request.id(),
          model.fullName(),
          outcome.losses());
    }
  }
}
