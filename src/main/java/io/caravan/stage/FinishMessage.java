package io.caravan.stage;

import io.caravan.anthropic.Event;
import io.caravan.exchange.Answer;
import io.caravan.exchange.Contract;
import io.caravan.exchange.Conversations;
import io.caravan.exchange.ModelChoice;
import io.caravan.exchange.RequestSummary;
import io.caravan.translate.response.AnswerLoss;
import io.caravan.translate.response.AnswerOutcome;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The upstream has ended: writes what is still owed to the client and completes the answer. */
public final class FinishMessage implements Processor {
  private static final Logger LOG = LoggerFactory.getLogger(FinishMessage.class);

  private Conversations conversations;

  /** What remembers what the answer cost and thought. */
  public void setConversations(Conversations conversations) {
    this.conversations = conversations;
  }

  @Override
  public void process(Exchange exchange) {
    Answer answer = exchange.getProperty(Contract.ANSWER, Answer.class);
    finish(exchange, answer, answer.end());
  }

  /** Writes the last events of an answer that ended well, and completes it. */
  void finish(Exchange exchange, Answer answer, List<Event> events) {
    settle(exchange, answer);
    WriteEvents.complete(exchange, events);
  }

  private void settle(Exchange exchange, Answer answer) {
    AnswerOutcome outcome = answer.outcome();
    RequestSummary tally = exchange.getProperty(Contract.TALLY, RequestSummary.class);
    if (tally != null) {
      tally.cost(outcome.usage());
      tally.estimated(!outcome.inputCounted(), !outcome.outputCounted());
      tally.translated(answer.tell(tally.translation()));
      tellLosses(exchange, outcome);
      tally.ended(outcome.failure() == null ? "ok" : outcome.failure().type().code());
    }
    if (conversations != null && outcome.failure() == null) {
      conversations.learn(exchange, outcome);
    }
  }

  /** Reasoning that the client did not ask for is lost all the time; the rest says something. */
  private static void tellLosses(Exchange exchange, AnswerOutcome outcome) {
    boolean expected =
        outcome.losses().stream()
            .allMatch(loss -> loss == AnswerLoss.THINKING || loss == AnswerLoss.WHITE_SPACE);
    if (!expected) {
      LOG.info(
          "Request {}: the answer of {} lost {}",
          exchange.getProperty(Contract.REQUEST_ID),
          exchange.getProperty(Contract.MODEL, ModelChoice.class).fullName(),
          outcome.losses());
    }
  }
}
