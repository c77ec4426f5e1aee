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
 * Stops the gateway without breaking off answers: readiness goes down, new requests are refused
 * with 529 and a time to come back, those that are being answered get their end. What is not done
 * in time is told so in its stream and broken off. Camel alone would answer new requests with an
 * empty 503 and break the rest off in silence.
 */
public final class Drain extends ContextBean {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan");
  private static final long LOOK_MILLIS = 20;
  private static final long LAST_WORDS_MILLIS = 3_000;

  private RequestMetrics metrics;
  private ServerEdge edge;
  private UpstreamHttp http;
  private long delayMillis;
  private long limitMillis = 30_000;

  /** What counts the requests that are being answered. */
  public void setMetrics(RequestMetrics metrics) {
    this.metrics = metrics;
  }

  /** Where requests come in. */
  public void setEdge(ServerEdge edge) {
    this.edge = edge;
  }

  /** The calls to upstreams. */
  public void setHttp(UpstreamHttp http) {
    this.http = http;
  }

  /**
   * Milliseconds that requests are still taken after readiness has gone down: until a load balancer
   * has noticed.
   */
  public void setDelayMillis(long delayMillis) {
    this.delayMillis = delayMillis;
  }

  /** Milliseconds that requests may take to be answered once no more are let in. */
  public void setLimitMillis(long limitMillis) {
    this.limitMillis = limitMillis;
  }

  /** Called once the bean is configured. */
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
    LOG.info("Stopping: {} requests are being answered and have {} ms for it", open, limitMillis);
    if (!quiet(limitMillis, () -> {})) {
      LOG.warn("Stopping: {} requests are broken off", metrics.active());
      quiet(LAST_WORDS_MILLIS, http::stop);
    }
    LOG.info("Stopping: {} requests are open", metrics.active());
  }

  private boolean quiet(long millis, Runnable eachTime) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (metrics.active() > 0 && System.nanoTime() < until) {
      eachTime.run();
      Thread.sleep(LOOK_MILLIS);
    }
    return metrics.active() == 0;
  }
}
