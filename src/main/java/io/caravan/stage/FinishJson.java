package io.caravan.stage;

import io.caravan.exchange.GatewayRequest;
import io.vertx.core.buffer.Buffer;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;

/** Gives a JSON answer its headers; Camel writes it. */
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
      // Bytes would be pumped as a stream, by a task for each block; a buffer is sent as it is.
      message.setBody(Buffer.buffer(json));
    }
  }
}
