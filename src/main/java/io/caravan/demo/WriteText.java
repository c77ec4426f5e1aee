package io.caravan.demo;

import io.caravan.exchange.GatewayRequest;
import io.caravan.http.ClientResponse;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Writes the body as text to the open response and flushes it; a null body completes it. */
public final class WriteText implements Processor {
  @Override
  public void process(Exchange exchange) {
    ClientResponse response = GatewayRequest.of(exchange).response();
    String text = exchange.getMessage().getBody(String.class);
    if (text == null) {
      response.end();
      return;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    response.write(bytes, 0, bytes.length);
  }
}
