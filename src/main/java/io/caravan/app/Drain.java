package io.caravan.app;

import io.caravan.camel.ContextBean;
import io.caravan.http.ServerEdge;
import io.caravan.http.UpstreamHttp;
import io.caravan.metrics.RequestMetrics;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.support.LifecycleStrategySupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drains the gateway at shutdown: readiness goes down, new requests are refused with 529 and a
 * retry-after, and requests under way get time to end. Those that take longer are aborted, with an
 * error in their stream. Camel alone would answer new requests with an empty 503 and cut the others
 * off silently.
 */
public final class Drain extends ContextBean {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan");
  private static final long POLL_MILLIS = 20;
  private static final long ABORT_MILLIS = 3_000;

  private RequestMetrics metrics;
  private ServerEdge edge;
  private UpstreamHttp http;
  private long delayMillis;
  private long limitMillis = 30_000;

  /** Sets the metrics that count the requests under way. */
  public void setMetrics(RequestMetrics metrics) {
    this.metrics = metrics;
  }

  /** Sets the edge, whose gate refuses new requests. */
  public void setEdge(ServerEdge edge) {
    this.edge = edge;
  }

  /** Sets the connections to upstreams, whose calls are aborted. */
  public void setHttp(UpstreamHttp http) {
    this.http = http;
  }

  /**
   * Sets the milliseconds for which requests are still accepted after readiness has gone down, so
   * that a load balancer can notice.
   */
  public void setDelayMillis(long delayMillis) {
    this.delayMillis = delayMillis;
  }

  /** Sets the milliseconds that requests under way have once new ones are refused. */
  public void setLimitMillis(long limitMillis) {
    this.limitMillis = limitMillis;
  }

  /** Registers the bean, once it is configured. */
  public void listen() {
    getCamelContext()
        .addLifecycleStrategy(
            new LifecycleStrategySupport() {
              @Override
              public void onContextStopping(CamelContext context) {
                if (isInForce()) {
                  stop();
                }
              }
            });
  }

  private void stop() {
    try {
      Health.stopping(getCamelContext());
      if (delayMillis > 0) {
        LOG.info("Stopping in {} ms: readiness is down", delayMillis);
        Thread.sleep(delayMillis);
      }
      drain();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void drain() throws InterruptedException {
    edge.gate().close();
    int open = metrics.active();
    if (open == 0) {
      return;
    }
    LOG.info("Stopping: {} requests are under way and have {} ms to end", open, limitMillis);
    if (!quiet(limitMillis, () -> {})) {
      LOG.warn("Stopping: {} requests are aborted", metrics.active());
      quiet(ABORT_MILLIS, http::stop);
    }
    LOG.info("Stopping: {} requests are open", metrics.active());
  }

  private boolean quiet(long millis, Runnable eachTime) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (metrics.active() > 0 && System.nanoTime() < until) {
      eachTime.run();
      Thread.sleep(POLL_MILLIS);
    }
    return metrics.active() == 0;
  }
}
