package io.caravan.stage;

import io.caravan.anthropic.Usage;
import io.caravan.exchange.Answer;
import io.caravan.exchange.Contract;
import io.caravan.exchange.PassThroughAnswer;
import io.caravan.exchange.RequestSummary;
import io.caravan.limits.client.Reservation;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Charges the client what its request has cost: the last step of a message, and of its errors. An
 * answer that was broken off is charged as far as it came: a client that leaves before the last
 * event has not had it for nothing.
 *
 * <p>It is no {@code onCompletion}: that is run once for each Kamelet that the message has passed
 * too, before there is anything to charge, and at last on an event loop.
 */
public final class ChargeClient implements Processor {
  @Override
  public void process(Exchange exchange) {
    Reservation reservation = exchange.getProperty(Contract.RESERVATION, Reservation.class);
    if (reservation != null) {
      reservation.charge(tokens(usage(exchange)));
    }
  }

  private static Usage usage(Exchange exchange) {
    RequestSummary tally = exchange.getProperty(Contract.TALLY, RequestSummary.class);
    if (tally != null && tally.usage() != null) {
      return tally.usage();
    }
    PassThroughAnswer passed = exchange.getProperty(Contract.PASSED, PassThroughAnswer.class);
    if (passed != null && passed.usage() != null) {
      return passed.usage();
    }
    // No stream, no answer: what failed before its first content costs nothing.
    boolean answered = exchange.getProperty(Contract.STREAM) != null;
    Answer answer = exchange.getProperty(Contract.ANSWER, Answer.class);
    return answered && answer != null ? answer.outcome().usage() : null;
  }

  private static long tokens(Usage usage) {
    return usage == null
        ? 0
        : usage.inputTokens()
            + usage.outputTokens()
            + usage.cacheReadInputTokens()
            + usage.cacheCreationInputTokens();
  }
}
