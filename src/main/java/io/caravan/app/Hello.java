package io.caravan.app;

import io.caravan.http.RunningGateway;
import io.caravan.launch.Introduction;
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
    Introduction introduction = Introduction.of(exchange);
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    message.setBody(null);
    if (introduction != null) {
      introduction.write(message);
    }
    message.setHeader(RunningGateway.INSTANCE, Start.INSTANCE);
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, 200);
  }
}
