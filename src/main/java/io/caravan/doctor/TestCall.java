package io.caravan.doctor;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorType;
import io.caravan.anthropic.PassThroughEvent;
import io.caravan.anthropic.RequestReader;
import io.caravan.exchange.Attempt;
import io.caravan.exchange.Contract;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.ModelChoice;
import io.caravan.exchange.RequestSummary;
import io.caravan.openai.ErrorBodies;
import java.nio.charset.StandardCharsets;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.DefaultExchange;

/**
 * One real call and the result of its response. It uses the routes of every message, including the
 * steps that a user has put into them.
 */
final class TestCall {
  private final CamelContext context;
  private final Exchange exchange;
  private final CountedResponse response = new CountedResponse(this::see);
  private Exception failure;
  private boolean text;
  private boolean toolCall;

  private TestCall(CamelContext context) {
    this.context = context;
    this.exchange = new DefaultExchange(context);
  }

  static TestCall of(CamelContext context, ModelChoice choice, String json) {
    TestCall call = new TestCall(context);
    try {
      call.run(choice, json);
    } catch (Exception e) {
      call.failure = e;
    }
    return call;
  }

  private void run(ModelChoice choice, String json) throws Exception {
    GatewayRequest request = GatewayRequest.of(exchange);
    request.setId("req_doctor");
    request.setMessage(new RequestReader().read(json.getBytes(StandardCharsets.UTF_8)));
    request.setResponse(response);
    Attempt.start(exchange, choice);
    try (ProducerTemplate routes = context.createProducerTemplate()) {
      send(routes, "direct:open-answer");
      String protocol = exchange.getProperty(Contract.PROTOCOL, String.class);
      send(routes, "direct:stream-" + protocol);
    }
    if (failure != null) {
      throw failure;
    }
  }

  private void send(ProducerTemplate routes, String route) throws Exception {
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

  private void see(PassThroughEvent event) {
    if (event.isError()) {
      String message = ErrorBodies.parse(event.json().toString()).message();
      failure = new AnthropicException(ErrorType.API, message);
      return;
    }
    text |= "content_block_delta".equals(event.type());
    toolCall |= event.json().toString().contains("\"tool_use\"");
  }

  /** Returns the failure, or null. */
  Exception failure() {
    return failure;
  }

  /** Returns how many pieces the response came in. */
  int parts() {
    return response.writes();
  }

  boolean hasText() {
    return text;
  }

  boolean hasToolCall() {
    return toolCall;
  }

  /** Returns whether the upstream reported the tokens of the prompt and of its output. */
  boolean hasUsage() {
    RequestSummary summary = GatewayRequest.of(exchange).summary();
    return summary.usage() != null && !summary.inputEstimated() && !summary.outputEstimated();
  }
}
