package io.caravan.senses;

import io.caravan.anthropic.Source;
import io.caravan.exchange.GatewayRequest;
import io.caravan.fetch.FetchException;
import io.caravan.http.CallScope;
import io.caravan.metrics.VisionMetrics;
import java.util.Base64;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.DefaultExchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Describes by a route of the operator's own. It gets the bytes of the image, its media type as
 * {@code Content-Type} and the user's words as {@code CaravanQuestion}, and sets the body to a
 * text.
 */
final class VisionRoute implements VisionCall {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan.senses");
  private static final String QUESTION = "CaravanQuestion";

  private final ProducerTemplate routes;
  private final String route;
  private final FetchedAttachments images;
  private final VisionMetrics metrics;

  VisionRoute(
      ProducerTemplate routes, String route, FetchedAttachments images, VisionMetrics metrics) {
    this.routes = routes;
    this.route = route;
    this.images = images;
    this.metrics = metrics;
  }

  @Override
  public String describe(GatewayRequest request, Picture picture, CallScope scope) {
    Source source = source(request, picture.source());
    if (source == null) {
      return null;
    }
    Exchange exchange = new DefaultExchange(routes.getCamelContext());
    exchange.getMessage().setBody(Base64.getMimeDecoder().decode(source.data().toString()));
    exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, source.mediaType());
    exchange.getMessage().setHeader(QUESTION, picture.question());
    long start = System.nanoTime();
    routes.send(route, exchange);
    String text =
        exchange.getException() == null
            ? VisionPrompt.kept(exchange.getMessage().getBody(String.class))
            : null;
    metrics.described(route, text != null, System.nanoTime() - start);
    if (exchange.getException() != null) {
      LOG.warn("The vision route {} failed: {}", route, exchange.getException().toString());
    }
    return text;
  }

  private Source source(GatewayRequest request, Source source) {
    if (source.kind() == Source.Kind.BASE64) {
      return source;
    }
    try {
      return images.isEnabled() ? images.data(request, source.url()) : null;
    } catch (FetchException e) {
      return null;
    }
  }
}
