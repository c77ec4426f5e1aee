package io.caravan.app;

import io.caravan.http.RunningGateway;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;

/**
 * Answers the probes that clients send before their first call ({@code HEAD /}, {@code HEAD
 * /api/hello}).
 */
public final class Hello implements Processor {
  @Override
  public void process(Exchange exchange) {
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    message.setBody(null);
    message.setHeader(RunningGateway.INSTANCE, Start.INSTANCE);
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, 200);
  }
}
