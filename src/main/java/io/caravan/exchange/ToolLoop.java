package io.caravan.exchange;

import io.caravan.anthropic.Event;
import io.caravan.anthropic.MessageAggregator;
import io.caravan.anthropic.Usage;
import io.caravan.servertools.ServedMessage;
import java.util.List;
import org.apache.camel.Exchange;

/**
 * The calls of the model for one message in which the gateway runs tools. Requests without such
 * tools have none, and nothing here costs them more than the look at one property.
 */
public final class ToolLoop {
  private static final String PROPERTY = "CaravanToolLoop";

  private final ServedMessage message;
  private Attempt attempt;
  private MessageAggregator before;

  private ToolLoop(ServedMessage message) {
    this.message = message;
  }

  /** Begins a message in which the gateway runs tools. */
  public static void begin(Exchange exchange, ServedMessage message) {
    exchange.setProperty(PROPERTY, new ToolLoop(message));
  }

  /** Returns the loop of an exchange's message, or null if the gateway runs no tool for it. */
  public static ToolLoop of(Exchange exchange) {
    return exchange.getProperty(PROPERTY, ToolLoop.class);
  }

  /** Returns the events that go out now, of those that the translation of a completion gave. */
  public static List<Event> events(Exchange exchange, List<Event> events) {
    ToolLoop loop = of(exchange);
    return loop == null ? events : loop.join(Attempt.of(exchange)).message.accept(events);
  }

  /** Returns whether the completion has ended in calls of tools that the gateway runs. */
  public static boolean isPending(Exchange exchange) {
    ToolLoop loop = of(exchange);
    return loop != null && loop.message.isPending();
  }

  /**
   * Returns the last events of a message whose stream broke after its finish reason. Calls are not
   * run then.
   */
  public static List<Event> lastEvents(Exchange exchange, List<Event> events) {
    ToolLoop loop = of(exchange);
    return loop == null ? events : loop.message.endWithoutResults(events(exchange, events));
  }

  /** Returns a completion's usage with that of the completions before it. */
  public static Usage total(Exchange exchange, Usage usage) {
    ToolLoop loop = of(exchange);
    return loop == null ? usage : loop.message.total(usage);
  }

  /** Begins the completion anew with each attempt: one that failed has written nothing of it. */
  private ToolLoop join(Attempt present) {
    if (present != attempt) {
      attempt = present;
      message.beginCompletion();
      if (before != null) {
        present.continueMessage(before);
      }
    }
    return this;
  }

  /** Returns the message. */
  public ServedMessage message() {
    return message;
  }

  /** Keeps the message as it is, for the attempts at its next completion to continue. */
  public void keep(MessageAggregator soFar) {
    before = soFar;
  }
}
