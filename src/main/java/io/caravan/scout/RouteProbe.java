package io.caravan.scout;

import io.caravan.anthropic.RequestReader;
import io.caravan.anthropic.Usage;
import io.caravan.doctor.CountedResponse;
import io.caravan.exchange.Attempt;
import io.caravan.exchange.Contract;
import io.caravan.exchange.GatewayRequest;
import io.caravan.models.ModelDirectory;
import io.caravan.provider.learned.Quirk;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.DefaultExchange;

/** Makes calls through the routes of every message, as a client's request would be made. */
final class RouteProbe implements Probe {
  private static final String TRIED = "caravan-tried";

  private final CamelContext context;
  private final ModelDirectory models;
  private final String provider;

  RouteProbe(CamelContext context, ModelDirectory models, String provider) {
    this.context = context;
    this.models = models;
    this.provider = provider;
  }

  @Override
  public Observation call(String model, Check check) throws InterruptedException {
    String full = provider + "/" + model;
    Exchange exchange = new DefaultExchange(context);
    Reading reading = new Reading();
    GatewayRequest request = GatewayRequest.of(exchange);
    Exception fault = null;
    try {
      request.setId("req_scout");
      byte[] body = check.request(full).getBytes(StandardCharsets.UTF_8);
      request.setMessage(new RequestReader().read(body));
      CountedResponse response = new CountedResponse(reading::see);
      reading.onEndless(response::end);
      request.setResponse(response);
      Attempt.start(exchange, models.choose(full));
      reading.begin();
      run(exchange);
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      fault = e;
    }
    if (fault == null) {
      fault = reading.error();
    }
    int calls = calls(request, fault);
    if (reading.isEndless()) {
      return Observation.failed(calls, FailureAdvice.ENDLESS);
    }
    if (fault != null) {
      return Observation.failed(calls, FailureAdvice.of(fault));
    }
    Usage usage = request.summary().usage();
    return reading.observed(calls, usage == null ? 0 : usage.outputTokens(), cures(request));
  }

  private void run(Exchange exchange) throws Exception {
    try (ProducerTemplate routes = context.createProducerTemplate()) {
      send(routes, "direct:open-answer", exchange);
      String protocol = exchange.getProperty(Contract.PROTOCOL, String.class);
      send(routes, "direct:stream-" + protocol, exchange);
    }
  }

  private static void send(ProducerTemplate routes, String route, Exchange exchange)
      throws Exception {
    routes.send(route, exchange);
    Exception thrown = exchange.getException();
    if (thrown == null && exchange.getExchangeExtension().isFailureHandled()) {
      // It has been told to the client. A failure after which a retry succeeded stays there, too.
      thrown = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    }
    if (thrown != null) {
      throw thrown;
    }
  }

  /** Returns the calls that the upstream got: each that failed is in the header. */
  private static int calls(GatewayRequest request, Exception fault) {
    String tried = request.headers().get(TRIED);
    int failed = tried == null ? 0 : tried.split(",", -1).length;
    return Math.max(1, failed + (fault == null ? 1 : 0));
  }

  private static List<String> cures(GatewayRequest request) {
    List<String> cures = new ArrayList<>();
    var complaint = request.attempts().complaint();
    for (Quirk quirk : request.attempts().found()) {
      cures.add(Printable.of(quirk + " (after HTTP " + complaint.status() + ")"));
    }
    for (Map.Entry<String, Integer> family :
        request.summary().translation().recovered().entrySet()) {
      cures.add("calls written as text are recovered: " + family.getKey());
    }
    return cures;
  }
}
