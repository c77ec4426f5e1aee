package io.caravan.metrics;

import io.caravan.exchange.RequestSummary;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line for each request that was not answered as asked; for every request where the logger
 * {@code io.caravan.requests} is set to debug. Nothing of the request's content is in it.
 */
public final class RequestLog {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan.requests");

  /** nginx's number for a client that has closed its connection; no client ever sees it. */
  private static final int CLIENT_CLOSED_REQUEST = 499;

  private RequestLog() {}

  /**
   * A request is over.
   *
   * @param status the HTTP status that the client was given
   */
  public static void ended(String requestId, int status, RequestSummary tally) {
    boolean asAsked = "ok".equals(tally.outcome()) || "unfinished".equals(tally.outcome());
    if (asAsked && !LOG.isDebugEnabled()) {
      return;
    }
    int shown = RequestSummary.CLIENT_GONE.equals(tally.outcome()) ? CLIENT_CLOSED_REQUEST : status;
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - tally.startedAt());
    LOG.atLevel(asAsked ? org.slf4j.event.Level.DEBUG : org.slf4j.event.Level.INFO)
        .log(
            "Request {}: {} {}, {}/{}, {} ms",
            requestId,
            shown,
            tally.outcome(),
            tally.provider(),
            tally.model(),
            millis);
  }
}
