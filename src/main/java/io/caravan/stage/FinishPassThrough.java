package io.caravan.stage;

import io.caravan.exchange.Attempt;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.PassThroughAnswer;
import io.caravan.exchange.RequestSummary;
import io.caravan.openai.MalformedStreamException;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Completes the response, once the stream of an upstream with the Messages API has ended. */
public final class FinishPassThrough implements Processor {
  /** The last event, for an upstream that has finished and never sent it. */
  private static final byte[] MESSAGE_STOP =
      "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"
          .getBytes(StandardCharsets.US_ASCII);

  @Override
  public void process(Exchange exchange) {
    PassThroughAnswer answer = Attempt.of(exchange).answer(PassThroughAnswer.class);
    GatewayRequest request = GatewayRequest.of(exchange);
    RequestSummary summary = request.summary();
    if (answer.usage() != null) {
      summary.cost(answer.usage());
      summary.estimated(!answer.inputCounted(), !answer.outputCounted());
    }
    if (!answer.isComplete() && answer.isFinished() && request.message().stream()) {
      WriteEvents.send(request, MESSAGE_STOP, MESSAGE_STOP.length);
      answer.completed();
    }
    if (!answer.isComplete()) {
      throw new MalformedStreamException("the upstream ended its stream before it was complete");
    }
    summary.ended("ok");
    if (answer.message() == null) {
      request.response().end();
      exchange.getMessage().setBody(gathered(request, answer));
      return;
    }
    exchange.getMessage().setBody(answer.message());
    FinishJson.finish(exchange, 200);
  }

  private static byte[] gathered(GatewayRequest request, PassThroughAnswer answer) {
    return answer.gathered() == null ? null : answer.gathered().json(request.message().model());
  }
}
