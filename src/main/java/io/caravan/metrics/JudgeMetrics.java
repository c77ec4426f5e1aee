package io.caravan.metrics;

import io.caravan.camel.ContextBean;
import io.caravan.exchange.ModelChoice;
import io.caravan.exchange.RequestSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** Counts the calls of judges for {@code /observe/metrics}, under the judge's own name. */
public final class JudgeMetrics extends ContextBean {
  private final Meters meters = new Meters();
  private RequestMetrics requests = new RequestMetrics();

  /** Sets the metrics that count tokens. */
  public void setRequests(RequestMetrics requests) {
    this.requests = requests;
  }

  /** Counts a model's call with its outcome and its tokens. */
  public void judged(ModelChoice choice, String outcome, long nanos, RequestSummary summary) {
    judged(choice.fullName(), outcome, nanos);
    requests.used(summary);
  }

  /** Counts a call with its outcome. */
  public void judged(String judge, String outcome, long nanos) {
    MeterRegistry registry = meters.of(getCamelContext());
    if (registry != null) {
      Timer.builder("caravan_judge")
          .description("Calls of a judge from the case to the verdict")
          .tag("judge", judge)
          .tag("outcome", outcome)
          .register(registry)
          .record(nanos, TimeUnit.NANOSECONDS);
    }
  }
}
