package io.caravan.stage.web;

import io.caravan.exchange.GatewayRequest;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.PluginHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the protocol's error code out of a failure of a web tool's route, as the body. The log has
 * the kind of the failure and nothing of its words, which may have the query in them.
 */
public final class WebFailure implements Processor {
  private static final Logger LOG = LoggerFactory.getLogger(WebFailure.class);

  private static final int TOO_MANY = 429;

  private static Throwable root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  @Override
  public void process(Exchange exchange) {
    Exception failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    // An exception of camel-http, which an application may lack.
    Object status =
        PluginHelper.getBeanIntrospection(exchange.getContext())
            .getOrElseProperty(failure, "statusCode", null, false);
    LOG.warn(
        "Request {}: a web search or fetch failed: {}{}",
        GatewayRequest.of(exchange).id(),
        root(failure).getClass().getName(),
        status == null ? "" : " " + status);
    LOG.debug("Request {}: the failure", GatewayRequest.of(exchange).id(), failure);
    boolean tooMany = Integer.valueOf(TOO_MANY).equals(status);
    exchange.getMessage().setBody(tooMany ? "too_many_requests" : "unavailable");
  }
}
