package io.caravan.judge.route;

import io.caravan.anthropic.MessagesRequest;
import io.caravan.exchange.Attempt;
import io.caravan.exchange.Contract;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.ModelChoice;
import io.caravan.http.CallScope;
import io.caravan.json.JsonWriter;
import io.caravan.judge.CallJudge;
import io.caravan.judge.ToolCall;
import io.caravan.judge.Verdict;
import io.caravan.metrics.JudgeMetrics;
import io.caravan.models.ModelDirectory;
import io.caravan.provider.ModelCard;
import io.caravan.tokens.TokenCounter;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.DefaultExchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges by the models that are named as judge. The call passes the provider's own route: its key,
 * limits, circuit and metrics are those of any call. It is made once; only if it fails is the next
 * model called that is named as judge.
 */
final class JudgeModels implements CalledJudge.Way {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan.judge");

  private final ProducerTemplate routes;
  private final String route;
  private final ModelDirectory models;
  private final TokenCounter counter;
  private final JudgeMetrics metrics;
  private final GatewayRequest request;

  JudgeModels(
      ProducerTemplate routes,
      String route,
      ModelDirectory models,
      TokenCounter counter,
      JudgeMetrics metrics,
      GatewayRequest request) {
    this.routes = routes;
    this.route = route;
    this.models = models;
    this.counter = counter;
    this.metrics = metrics;
    this.request = request;
  }

  @Override
  public Verdict judge(
      CallJudge cases, ToolCall call, List<ToolCall> before, CallScope scope, Runnable placed) {
    Verdict flag = cases.flag(call);
    if (flag != null) {
      return flag;
    }
    Verdict verdict = Verdict.unavailable(Verdict.ERROR);
    for (ModelChoice choice : models.judges()) {
      CallJudge.Prompt prompt = prompt(cases, call, before, choice);
      if (prompt == null) {
        prompt = prompt(cases, call, before, models.renewed(choice));
      }
      if (prompt == null) {
        verdict = Verdict.unavailable(Verdict.INPUT_TOO_LONG);
        continue;
      }
      long start = System.nanoTime();
      Exchange exchange = ask(choice, prompt.request(), scope, placed);
      GatewayRequest asked = GatewayRequest.of(exchange);
      request.spent(asked.summary());
      Exception failure = failure(exchange);
      verdict = CallJudge.ofMessage(body(exchange), prompt.json());
      metrics.judged(choice, verdict.outcome().label(), System.nanoTime() - start, asked.summary());
      if (failure == null || scope.closed()) {
        return verdict;
      }
      LOG.warn(
          "Request {}: the judge {} failed: {}",
          request.id(),
          choice.fullName(),
          failure.getMessage());
    }
    return verdict;
  }

  private CallJudge.Prompt prompt(
      CallJudge cases, ToolCall call, List<ToolCall> before, ModelChoice choice) {
    return cases.prompt(call, before, choice.fullName(), window(choice), this::count);
  }

  private static Integer window(ModelChoice choice) {
    ModelCard card = choice.card();
    return card == null ? null : card.getContextWindow();
  }

  private long count(MessagesRequest message) {
    return counter == null ? 0 : counter.count(message, request.client().tenant());
  }

  private Exchange ask(
      ModelChoice choice, MessagesRequest message, CallScope scope, Runnable placed) {
    Exchange exchange = new DefaultExchange(routes.getCamelContext());
    GatewayRequest asked = GatewayRequest.of(exchange);
    asked.callFor(request, scope, placed);
    asked.keepReasoningApart();
    asked.setMessage(message);
    long tokens = count(message);
    asked.setRawTokens(tokens);
    exchange.setProperty(Contract.INPUT_TOKENS, tokens);
    Attempt.start(exchange, choice);
    return routes.send(route, exchange);
  }

  private static Exception failure(Exchange exchange) {
    return exchange.getException() == null
        ? exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class)
        : exchange.getException();
  }

  private static byte[] body(Exchange exchange) {
    Object body = exchange.getMessage().getBody();
    if (exchange.getException() != null) {
      return errorOf(exchange.getException());
    }
    return body instanceof Buffer buffer
        ? buffer.getBytes()
        : body instanceof byte[] bytes ? bytes : new byte[0];
  }

  /** Writes a failure before the stream as the error of a message, whose words are read. */
  private static byte[] errorOf(Exception failure) {
    return new JsonWriter(256)
        .beginObject()
        .beginObject("error")
        .field("message", String.valueOf(failure.getMessage()))
        .endObject()
        .endObject()
        .finish()
        .toString()
        .getBytes(StandardCharsets.UTF_8);
  }
}
