package io.caravan.judge.route;

import io.caravan.camel.ContextBean;
import io.caravan.exchange.Attempt;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.ModelChoice;
import io.caravan.http.WorkerThreads;
import io.caravan.judge.CallJudge;
import io.caravan.judge.Judge;
import io.caravan.judge.PendingVerdicts;
import io.caravan.judge.Safeguards;
import io.caravan.metrics.JudgeMetrics;
import io.caravan.models.ModelDirectory;
import io.caravan.tokens.TokenCounter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;

/**
 * The judges that the operator has named: models, or a route. A judge is called through {@code
 * direct:judge-model}, or through the route of {@link #setRoute}, whose body is the case as JSON
 * text before and the verdict after.
 */
public final class Judges extends ContextBean implements AutoCloseable {
  private static final String MODEL_ROUTE = "direct:judge-model";

  private ModelDirectory models;
  private TokenCounter counter;
  private JudgeMetrics metrics = new JudgeMetrics();
  private String route = "";
  private Duration timeout = Duration.ofSeconds(20);
  private ExecutorService threads;
  private ProducerTemplate routes;

  /** Sets the directory of models, which knows those that are named as judge. */
  public void setModels(ModelDirectory models) {
    this.models = models;
  }

  /** Sets the token counter, by which a case must fit the judge's window. */
  public void setCounter(TokenCounter counter) {
    this.counter = counter;
  }

  /** Sets the metrics of the judges' calls. */
  public void setMetrics(JudgeMetrics metrics) {
    this.metrics = metrics;
  }

  /** Sets the route that judges in place of a model; empty for none. */
  public void setRoute(String route) {
    this.route = route == null ? "" : route.strip();
  }

  /** Sets the milliseconds that a message waits at its end for verdicts; 20,000 by default. */
  public void setTimeoutMillis(long timeoutMillis) {
    this.timeout = Duration.ofMillis(timeoutMillis);
  }

  /** Returns the judge's name: the models, or the route; null if none is named. */
  public String name() {
    if (!route.isEmpty()) {
      return route;
    }
    List<ModelChoice> named = models == null ? List.of() : models.judges();
    return named.isEmpty()
        ? null
        : named.stream().map(ModelChoice::fullName).collect(Collectors.joining(","));
  }

  /** Returns the models that are named as judge, in their order. */
  public List<ModelChoice> named() {
    return route.isEmpty() && models != null ? models.judges() : List.of();
  }

  /**
   * Returns the verdicts of an attempt's message, and begins them at the first call of this method.
   */
  public PendingVerdicts of(Exchange exchange, Attempt attempt) {
    PendingVerdicts verdicts = attempt.verdicts();
    if (verdicts == null) {
      verdicts = begin(GatewayRequest.of(exchange));
      attempt.setVerdicts(verdicts);
    }
    return verdicts;
  }

  /** Begins the verdicts of one message. */
  public PendingVerdicts begin(GatewayRequest request) {
    Safeguards safeguards = Safeguards.of(request.message().safeguards());
    if (safeguards == null) {
      return PendingVerdicts.none();
    }
    PendingVerdicts verdicts = new PendingVerdicts(judge(request, safeguards), timeout);
    request.response().onClose(verdicts::cancel);
    return verdicts;
  }

  private Judge judge(GatewayRequest request, Safeguards safeguards) {
    String name = name();
    if (name == null) {
      return null;
    }
    CallJudge cases =
        new CallJudge(request.message(), safeguards, request.client().agent() != null);
    CalledJudge.Way way =
        route.isEmpty()
            ? new JudgeModels(routes(), MODEL_ROUTE, models, counter, metrics, request)
            : new JudgeRoute(routes(), route, metrics);
    return new CalledJudge(name, cases, way, threads());
  }

  private synchronized ExecutorService threads() {
    if (threads == null) {
      threads = WorkerThreads.perTask();
      if (threads == null) {
        threads =
            getCamelContext()
                .getExecutorServiceManager()
                .newCachedThreadPool(this, "caravan-judge");
      }
    }
    return threads;
  }

  private synchronized ProducerTemplate routes() {
    if (routes == null) {
      routes = getCamelContext().createProducerTemplate();
    }
    return routes;
  }

  @Override
  public synchronized void close() {
    if (threads != null) {
      threads.shutdownNow();
    }
    if (routes != null) {
      routes.stop();
    }
  }
}
