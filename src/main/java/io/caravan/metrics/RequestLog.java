package io.caravan.metrics;

import io.caravan.exchange.RequestSummary;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs one line for each request that failed or was aborted, or for every request if the logger
 * {@code io.caravan.requests} is set to debug. The line has nothing of the request's content.
 */
public final class RequestLog {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan.requests");

  /** The status that nginx logs for a client that has closed its connection; no client sees it. */
  private static final int CLIENT_CLOSED_REQUEST = 499;

  private RequestLog() {}

  /**
   * Logs the end of a request.
   *
   * @param status the HTTP status that was sent to the client
   */
  public static void ended(String requestId, int status, RequestSummary summary) {
    boolean served = "ok".equals(summary.outcome()) || "unfinished".equals(summary.outcome());
    if (served && !LOG.isDebugEnabled()) {
      return;
    }
    int shown =
        RequestSummary.CLIENT_GONE.equals(summary.outcome()) ? CLIENT_CLOSED_REQUEST : status;
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - summary.startedAt());
    LOG.atLevel(served ? org.slf4j.event.Level.DEBUG : org.slf4j.event.Level.INFO)
        .log(
            "Request {}: {} {}, {}/{}, {} ms",
            requestId,
            shown,
            summary.outcome(),
            summary.provider(),
            summary.model(),
            millis);
  }
}
