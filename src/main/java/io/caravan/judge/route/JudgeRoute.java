package io.caravan.judge.route;

import io.caravan.http.CallScope;
import io.caravan.judge.CallJudge;
import io.caravan.judge.ToolCall;
import io.caravan.judge.Verdict;
import io.caravan.metrics.JudgeMetrics;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.DefaultExchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges by a route of the operator's own. The body is the case as JSON text; the route replaces it
 * by the verdict, as JSON text or as a map.
 */
final class JudgeRoute implements CalledJudge.Way {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan.judge");

  private final ProducerTemplate routes;
  private final String route;
  private final JudgeMetrics metrics;

  JudgeRoute(ProducerTemplate routes, String route, JudgeMetrics metrics) {
    this.routes = routes;
    this.route = route;
    this.metrics = metrics;
  }

  @Override
  public Verdict judge(
      CallJudge cases, ToolCall call, List<ToolCall> before, CallScope scope, Runnable placed) {
    placed.run();
    Verdict flag = cases.flag(call);
    if (flag != null) {
      return flag;
    }
    String shown = cases.json(call, before);
    Exchange exchange = new DefaultExchange(routes.getCamelContext());
    exchange.getMessage().setBody(shown);
    long start = System.nanoTime();
    routes.send(route, exchange);
    Verdict verdict = verdict(exchange, shown);
    metrics.judged(route, verdict.outcome().label(), System.nanoTime() - start);
    return verdict;
  }

  private Verdict verdict(Exchange exchange, String shown) {
    if (exchange.getException() != null) {
      LOG.warn("The judge {} failed: {}", route, exchange.getException().toString());
      return Verdict.unavailable(Verdict.ERROR);
    }
    Object body = exchange.getMessage().getBody();
    if (!(body instanceof Map<?, ?>)) {
      body = exchange.getMessage().getBody(String.class);
    }
    return CallJudge.ofBody(body, shown);
  }
}
