package io.caravan.stage;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorType;
import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.RequestReader;
import io.caravan.exchange.Contract;
import io.caravan.exchange.GatewayRequest;
import io.caravan.http.CountedRequest;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.vertx.HttpMessage;

/** Parses the body of a message request, once for all stages. */
public final class ReadRequest implements Processor {
  private final RequestReader reader = new RequestReader();
  private long maxBodySize = 32L * 1024 * 1024;

  /** Sets the largest body in bytes. */
  public void setMaxBodySize(long maxBodySize) {
    this.maxBodySize = maxBodySize;
  }

  @Override
  public void process(Exchange exchange) {
    byte[] body = exchange.getMessage().getBody(byte[].class);
    if (body == null || body.length == 0) {
      throw AnthropicException.invalid("The request has no body; a JSON object is needed");
    }
    if (body.length > maxBodySize) {
      throw new AnthropicException(
          ErrorType.REQUEST_TOO_LARGE, "Request exceeds the maximum of " + maxBodySize + " bytes");
    }
    MessagesRequest request = reader.read(body);
    GatewayRequest.of(exchange).setMessage(request);
    exchange.setProperty(Contract.REQUEST, request);
    // The parsed request keeps the bytes anyway. As the body they are there for a tap.
    exchange.getMessage().setBody(body);
    if (exchange.getMessage() instanceof HttpMessage http) {
      CountedRequest.read(http.getRequest());
    }
  }
}
