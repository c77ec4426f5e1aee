package io.caravan.metrics;

import io.caravan.camel.ContextBean;
import io.caravan.exchange.RequestSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** Counts the descriptions of images for {@code /observe/metrics}, under the describer's name. */
public final class VisionMetrics extends ContextBean {
  private final Meters meters = new Meters();
  private RequestMetrics requests = new RequestMetrics();

  /** Sets the metrics that count tokens. */
  public void setRequests(RequestMetrics requests) {
    this.requests = requests;
  }

  /** Counts a model's call with its tokens. */
  public void described(String model, boolean found, long nanos, RequestSummary summary) {
    described(model, found, nanos);
    requests.used(summary);
  }

  /** Counts a call. */
  public void described(String by, boolean found, long nanos) {
    MeterRegistry registry = meters.of(getCamelContext());
    if (registry != null) {
      Timer.builder("caravan_vision")
          .description("Calls that describe an image")
          .tag("by", by)
          .tag("outcome", found ? "described" : "failed")
          .register(registry)
          .record(nanos, TimeUnit.NANOSECONDS);
    }
  }
}
