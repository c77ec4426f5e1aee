package io.caravan.demo;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorType;
import io.caravan.exchange.GatewayRequest;
import io.caravan.http.VertxClientResponse;
import io.caravan.provider.Provider;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.vertx.HttpMessage;

/** Accepts only calls of this process to the demonstration upstream, and opens the response. */
public final class DemoGate implements Processor {
  @Override
  public void process(Exchange exchange) {
    HttpMessage http = exchange.getMessage(HttpMessage.class);
    if (!("Bearer " + Provider.DEMONSTRATION_KEY)
        .equals(http.getRequest().getHeader("authorization"))) {
      throw new AnthropicException(
          ErrorType.PERMISSION, "The demonstration upstream is for this gateway only");
    }
    VertxClientResponse response =
        new VertxClientResponse(http.getResponse(), Duration.ofMinutes(1));
    response.head(200, Map.of("content-type", "text/event-stream"));
    GatewayRequest.of(exchange).setResponse(response);
    exchange.getMessage().removeHeaders("*");
  }
}
