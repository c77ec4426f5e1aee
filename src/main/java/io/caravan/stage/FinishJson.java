package io.caravan.stage;

import io.caravan.exchange.GatewayRequest;
import io.vertx.core.buffer.Buffer;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;

/** Sets the headers of a JSON response; Camel writes it. */
public final class FinishJson implements Processor {
  @Override
  public void process(Exchange exchange) {
    GatewayRequest.of(exchange).summary().ended("ok");
    finish(exchange, 200);
  }

  static void finish(Exchange exchange, int status) {
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    GatewayRequest.of(exchange).headers().forEach(message::setHeader);
    message.setHeader(Exchange.CONTENT_TYPE, "application/json");
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
    if (message.getBody() instanceof byte[] json) {
      // Bytes would be sent as a stream, with a task for each block; a buffer is sent at once.
      message.setBody(Buffer.buffer(json));
    }
  }
}
