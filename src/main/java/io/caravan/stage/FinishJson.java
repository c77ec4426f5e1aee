package io.caravan.stage;

import io.caravan.exchange.Contract;
import io.caravan.exchange.RequestSummary;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;

/** Gives a JSON answer its headers; Camel writes it. */
public final class FinishJson implements Processor {
  @Override
  public void process(Exchange exchange) {
    RequestSummary tally = exchange.getProperty(Contract.TALLY, RequestSummary.class);
    if (tally != null) {
      tally.ended("ok");
    }
    finish(exchange, 200);
  }

  static void finish(Exchange exchange, int status) {
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    Map<?, ?> headers = exchange.getProperty(Contract.RESPONSE_HEADERS, Map.of(), Map.class);
    headers.forEach((name, value) -> message.setHeader(name.toString(), value));
    message.setHeader(Exchange.CONTENT_TYPE, "application/json");
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
    if (message.getBody() instanceof byte[] json) {
      // Bytes would be pumped as a stream, by a task for each block; a buffer is sent as it is.
      message.setBody(Buffer.buffer(json));
    }
  }
}
