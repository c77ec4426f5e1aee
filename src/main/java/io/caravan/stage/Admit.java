package io.caravan.stage;

import io.caravan.exchange.Attempt;
import io.caravan.exchange.CallPlan;
import io.caravan.exchange.GatewayRequest;
import io.caravan.http.ClientGoneException;
import io.caravan.http.ClientResponse;
import io.caravan.limits.upstream.Admission;
import io.caravan.limits.upstream.AdmissionRefused;
import io.caravan.limits.upstream.AdmissionRequest;
import io.caravan.limits.upstream.Admissions;
import io.caravan.limits.upstream.Permit;
import io.caravan.metrics.UpstreamMetrics;
import io.caravan.provider.Provider;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Waits for a permit under the provider's limits: requests in any 60 s, concurrent calls, sessions
 * in turn. Each attempt passes this stage, so that retries count as well. Each key of the provider
 * has limits of its own.
 */
public final class Admit implements Processor {
  /** Stands for a variable of the environment while the Camel CLI exports the routes. */
  private static final String UNKNOWN = "@@CamelMagicValue@@";

  private Admissions admissions;
  private UpstreamMetrics metrics = new UpstreamMetrics();
  private String requestsPerMinute = "";
  private int hostedRequestsPerMinute;
  private int maxConcurrency;
  private Duration maxWait = Duration.ofSeconds(60);

  /** Sets the admissions of all providers. */
  public void setAdmissions(Admissions admissions) {
    this.admissions = admissions;
  }

  /**
   * Sets the most requests in any 60 seconds; 0 for no limit; empty for the hosted limit if the
   * provider is called at its default base URL, else no limit.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public void setRequestsPerMinute(String requestsPerMinute) {
    boolean known = requestsPerMinute != null && !requestsPerMinute.equals(UNKNOWN);
    this.requestsPerMinute = known ? requestsPerMinute.strip() : "";
    if (!this.requestsPerMinute.matches("\\d{0,9}")) {
      throw new IllegalArgumentException(
          this.requestsPerMinute + " is no number of requests a minute");
    }
  }

  /** Sets the hosted limit, in requests in any 60 seconds; 0 for no limit. */
  public void setHostedRequestsPerMinute(int hostedRequestsPerMinute) {
    this.hostedRequestsPerMinute = hostedRequestsPerMinute;
  }

  /** Sets the most concurrent calls; 0 for no limit. */
  public void setMaxConcurrency(int maxConcurrency) {
    this.maxConcurrency = maxConcurrency;
  }

  /** Sets the longest wait in milliseconds. A request that would wait longer is refused at once. */
  public void setMaxWaitMillis(long maxWaitMillis) {
    this.maxWait = Duration.ofMillis(maxWaitMillis);
  }

  /** Sets the metrics that record the waits. */
  public void setMetrics(UpstreamMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void process(Exchange exchange) throws InterruptedException {
    Attempt attempt = Attempt.of(exchange);
    Provider provider = attempt.model().provider();
    int limit = limit(provider);
    if (limit == 0 && maxConcurrency == 0) {
      return;
    }
    GatewayRequest request = GatewayRequest.of(exchange);
    CallPlan plan = CallPlan.of(exchange);
    if (plan != null) {
      plan.enter("limits", limits(attempt.key().name(), limit, request.place()));
      return;
    }
    AtomicBoolean waiting = new AtomicBoolean(true);
    request.pingDuring(waiting::get);
    try {
      Permit permit = acquire(attempt.key().name(), limit, request.place());
      attempt.setPermit(permit);
      giveBackAtEnd(request.response(), attempt, permit);
      metrics.waited(provider.getName(), permit.waited());
    } catch (CancellationException e) {
      throw new ClientGoneException("the client left while its request waited for its turn");
    } finally {
      waiting.set(false);
    }
  }

  /** Gives the permit back also where no later step does, since the stream has broken. */
  private static void giveBackAtEnd(ClientResponse response, Attempt attempt, Permit permit) {
    if (response == ClientResponse.NONE) {
      // Not the exchange: it ends with this Kamelet, and an application may read the stream later.
      attempt.endPermitWithCall();
    } else {
      response.onClose(permit::close);
    }
  }

  private Map<String, Object> limits(String key, int limit, AdmissionRequest request) {
    Map<String, Object> limits = new LinkedHashMap<>();
    limits.put("requests_per_minute", limit);
    limits.put("concurrency", maxConcurrency);
    Duration wait = admissions.of(key, limit, maxConcurrency).predictedWait(request);
    limits.put("wait_ms", wait.toMillis());
    return limits;
  }

  private Permit acquire(String key, int limit, AdmissionRequest request)
      throws InterruptedException {
    while (true) {
      Admission admission = admissions.of(key, limit, maxConcurrency);
      try {
        return admission.acquire(request, maxWait);
      } catch (AdmissionRefused e) {
        // Other limits were set during the wait: the request asks for a permit under those.
        boolean replaced = admissions.current(key) != admission;
        if (e.reason() != AdmissionRefused.Reason.CLOSED || !replaced) {
          throw e;
        }
      }
    }
  }

  private int limit(Provider provider) {
    if (requestsPerMinute.isEmpty()) {
      return provider.hosted() ? hostedRequestsPerMinute : 0;
    }
    return Integer.parseInt(requestsPerMinute);
  }
}
