package io.caravan.senses;

import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.Source;
import io.caravan.exchange.Attempt;
import io.caravan.exchange.Contract;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.ModelChoice;
import io.caravan.fetch.FetchException;
import io.caravan.http.CallScope;
import io.caravan.metrics.VisionMetrics;
import io.caravan.models.ModelDirectory;
import io.caravan.provider.Attachments;
import io.caravan.provider.Dialect;
import io.caravan.tokens.TokenCounter;
import io.vertx.core.buffer.Buffer;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.DefaultExchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Describes by the models that are named for vision. The call passes the provider's own route, as
 * any call: its key, limits, circuit and metrics hold. If it fails, the next model is called that
 * is named for vision.
 */
final class VisionModels implements VisionCall {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan.senses");
  private static final String ROUTE = "direct:vision-model";

  private final ProducerTemplate routes;
  private final ModelDirectory models;
  private final TokenCounter counter;
  private final FetchedAttachments images;
  private final VisionMetrics metrics;

  VisionModels(
      ProducerTemplate routes,
      ModelDirectory models,
      TokenCounter counter,
      FetchedAttachments images,
      VisionMetrics metrics) {
    this.routes = routes;
    this.models = models;
    this.counter = counter;
    this.images = images;
    this.metrics = metrics;
  }

  @Override
  public String describe(GatewayRequest request, Picture picture, CallScope scope) {
    for (ModelChoice choice : models.visions()) {
      Source source = source(request, picture.source(), choice);
      if (source == null) {
        continue;
      }
      long start = System.nanoTime();
      Exchange exchange = ask(request, choice, picture, source, scope);
      GatewayRequest asked = GatewayRequest.of(exchange);
      request.spent(asked.summary());
      Exception failure = failure(exchange);
      String text = failure == null ? VisionPrompt.text(body(exchange)) : null;
      metrics.described(
          choice.fullName(), text != null, System.nanoTime() - start, asked.summary());
      if (text != null || scope.closed()) {
        return text;
      }
      LOG.warn(
          "Request {}: {} did not describe an image: {}",
          request.id(),
          choice.fullName(),
          failure == null ? "its reply has no text" : failure.getMessage());
    }
    return null;
  }

  /** Returns an image in a form that a model takes, or null. */
  private Source source(GatewayRequest request, Source source, ModelChoice choice) {
    if (source.kind() == Source.Kind.BASE64
        || choice.provider().speaksMessages()
        || Dialect.of(choice.provider(), choice.card()).images() == Attachments.URL) {
      return source;
    }
    try {
      return images.isEnabled() ? images.data(request, source.url()) : null;
    } catch (FetchException e) {
      return null;
    }
  }

  private Exchange ask(
      GatewayRequest request, ModelChoice choice, Picture picture, Source source, CallScope scope) {
    MessagesRequest message = VisionPrompt.request(choice.fullName(), picture, source);
    Exchange exchange = new DefaultExchange(routes.getCamelContext());
    GatewayRequest asked = GatewayRequest.of(exchange);
    asked.callFor(request, scope, () -> {});
    asked.setMessage(message);
    long tokens = counter == null ? 0 : counter.count(message, request.client().tenant());
    asked.setRawTokens(tokens);
    exchange.setProperty(Contract.INPUT_TOKENS, tokens);
    Attempt.start(exchange, choice);
    return routes.send(ROUTE, exchange);
  }

  private static Exception failure(Exchange exchange) {
    return exchange.getException() == null
        ? exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class)
        : exchange.getException();
  }

  private static byte[] body(Exchange exchange) {
    Object body = exchange.getMessage().getBody();
    return body instanceof Buffer buffer
        ? buffer.getBytes()
        : body instanceof byte[] bytes ? bytes : new byte[0];
  }
}
