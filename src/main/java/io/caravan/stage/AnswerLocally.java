package io.caravan.stage;

import io.caravan.anthropic.Event;
import io.caravan.anthropic.Usage;
import io.caravan.exchange.Contract;
import io.caravan.exchange.GatewayRequest;
import io.caravan.local.LocalAnswer;
import io.caravan.local.LocalAnswers;
import io.caravan.local.LocalKind;
import io.caravan.metrics.RequestMetrics;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Answers Claude Code's housekeeping requests without a model: each such call would count against
 * the provider's limits and keep the user waiting. If it answers, {@link Contract#LOCAL_ANSWER}
 * names the kind of the request, and the body is the events of the message.
 */
public final class AnswerLocally implements Processor {
  private final Set<LocalKind> kinds = EnumSet.noneOf(LocalKind.class);
  private volatile LocalAnswers answers = new LocalAnswers(Set.of());
  private RequestMetrics metrics;

  /** Sets whether the probe for the account's quota is answered. */
  public void setQuota(boolean on) {
    turn(LocalKind.QUOTA, on);
  }

  /** Sets whether requests for a session's title are answered. */
  public void setTitle(boolean on) {
    turn(LocalKind.TITLE, on);
  }

  /** Sets whether requests for the user's next input are answered, with an empty text. */
  public void setSuggestion(boolean on) {
    turn(LocalKind.SUGGESTION, on);
  }

  /** Sets whether calls that only fill a sub-agent's prompt cache are answered. */
  public void setWarmUp(boolean on) {
    turn(LocalKind.WARM_UP, on);
  }

  /** Sets whether requests for the files that a command has shown are answered. */
  public void setFilePaths(boolean on) {
    turn(LocalKind.FILE_PATHS, on);
  }

  /**
   * Sets whether requests for a command's prefix are answered. Prefixes decide which commands run
   * without a question.
   */
  public void setCommandPrefix(boolean on) {
    turn(LocalKind.COMMAND_PREFIX, on);
  }

  /** Sets the metrics that count the local responses. */
  public void setMetrics(RequestMetrics metrics) {
    this.metrics = metrics;
  }

  private void turn(LocalKind kind, boolean on) {
    if (on) {
      kinds.add(kind);
    } else {
      kinds.remove(kind);
    }
    answers = new LocalAnswers(kinds);
  }

  @Override
  public void process(Exchange exchange) {
    GatewayRequest request = GatewayRequest.of(exchange);
    LocalAnswer answer = answers.answer(request.message());
    if (answer == null) {
      return;
    }
    String kind = answer.kind().label();
    exchange.setProperty(Contract.LOCAL_ANSWER, kind);
    request.headers().put("caravan-local", kind);
    request.summary().answeredLocally(kind);
    if (metrics != null) {
      metrics.answeredLocally(kind);
    }
    exchange.getMessage().setBody(events(request, answer));
  }

  /** Returns the events of the message. Its usage is zero, since no model was called. */
  private static List<Event> events(GatewayRequest request, LocalAnswer answer) {
    Usage none = new Usage(0, 0, 0, 0, 0);
    return List.of(
        new Event.MessageStart(request.messageId(), request.message().model(), none),
        new Event.TextStart(0),
        new Event.TextDelta(0, answer.text()),
        new Event.BlockStop(0),
        new Event.MessageDelta(answer.stopReason(), null, none),
        new Event.MessageStop());
  }
}
