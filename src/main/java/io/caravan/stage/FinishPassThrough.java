package io.caravan.stage;

import io.caravan.anthropic.MessagesRequest;
import io.caravan.exchange.Contract;
import io.caravan.exchange.PassThroughAnswer;
import io.caravan.exchange.RequestSummary;
import io.caravan.http.ClientResponse;
import io.caravan.openai.MalformedStreamException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** The upstream that speaks the Messages API itself has ended: completes the answer. */
public final class FinishPassThrough implements Processor {
  @Override
  public void process(Exchange exchange) {
    PassThroughAnswer answer = exchange.getProperty(Contract.PASSED, PassThroughAnswer.class);
    RequestSummary tally = exchange.getProperty(Contract.TALLY, RequestSummary.class);
    if (tally != null && answer.usage() != null) {
      tally.cost(answer.usage());
    }
    if (!answer.isComplete()) {
      throw new MalformedStreamException("the upstream ended its answer before it was complete");
    }
    if (tally != null) {
      tally.ended("ok");
    }
    if (answer.message() == null) {
      exchange.getProperty(Contract.RESPONSE, ClientResponse.class).end();
      exchange.getMessage().setBody(gathered(exchange, answer));
      return;
    }
    exchange.getMessage().setBody(answer.message());
    FinishJson.finish(exchange, 200);
  }

  private static byte[] gathered(Exchange exchange, PassThroughAnswer answer) {
    MessagesRequest request = exchange.getProperty(Contract.REQUEST, MessagesRequest.class);
    return answer.gathered() == null ? null : answer.gathered().json(request.model());
  }
}
