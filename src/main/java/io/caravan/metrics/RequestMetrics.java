package io.caravan.metrics;

import io.caravan.camel.ContextBean;
import io.caravan.exchange.RequestRecords;
import io.caravan.exchange.RequestSummary;
import io.caravan.observe.RequestRecord;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts requests and tokens for {@code /observe/metrics}. Labels come from the configuration only,
 * so that a client can't create series without limit.
 */
public final class RequestMetrics extends ContextBean {
  private final Meters found = new Meters();
  private volatile MeterRegistry meters;
  private final AtomicInteger active = new AtomicInteger();

  // A lookup in the registry would first build a meter's name, tags and description.
  private final Map<Labels, Timer> requests = new ConcurrentHashMap<>();
  private final Map<Labels, Timer> firstTokens = new ConcurrentHashMap<>();
  private final Counters tokens = tokens("caravan_tokens");
  private final Counters estimates = tokens("caravan_tokens_estimated");
  private final Counters costs =
      new Counters(
          "caravan_cost_dollars",
          "Price of tokens by the cards of their models",
          "provider",
          "model");
  private final Counters local =
      new Counters("caravan_local_answers", "Requests answered without a model", "kind");
  private final TranslationMetrics translations = new TranslationMetrics();

  private record Labels(String provider, String model, String outcome) {}

  private static Counters tokens(String name) {
    return new Counters(
        name,
        "Tokens of prompts and completions; those estimated no upstream has reported",
        "provider",
        "model",
        "kind");
  }

  /** Returns how many requests are under way. */
  public int active() {
    return active.get();
  }

  /** Counts an accepted request. */
  public void started() {
    active.incrementAndGet();
    meters();
  }

  /** Counts the end of a request. */
  public void ended(RequestRecord request) {
    active.decrementAndGet();
    MeterRegistry registry = meters();
    if (registry == null) {
      return;
    }
    requests
        .computeIfAbsent(
            labels(request, request.ending().outcome()), labels -> requests(registry, labels))
        .record(request.totalNanos(), TimeUnit.NANOSECONDS);
    if (request.firstTokenNanos() > 0) {
      firstTokens
          .computeIfAbsent(labels(request, ""), labels -> firstTokens(registry, labels))
          .record(request.firstTokenNanos(), TimeUnit.NANOSECONDS);
    }
    RequestRecord.Model model = request.model();
    RequestRecord.Tokens used = request.tokens();
    if (used != null) {
      counted(registry, model.provider(), model.label(), used);
    }
    if (request.nanodollars() != null) {
      costs.add(registry, request.nanodollars() / 1e9, model.provider(), model.label());
    }
    translations.count(registry, request);
  }

  /** Counts the tokens of a call that the gateway itself has made. */
  public void used(RequestSummary summary) {
    MeterRegistry registry = meters();
    RequestRecord.Tokens used = RequestRecords.tokens(summary);
    if (registry != null && used != null) {
      counted(registry, summary.provider(), summary.label(), used);
    }
  }

  private static Labels labels(RequestRecord request, String outcome) {
    return new Labels(request.model().provider(), request.model().label(), outcome);
  }

  /** Counts a request that was answered without a model. */
  public void answeredLocally(String kind) {
    MeterRegistry registry = meters();
    if (registry != null) {
      local.add(registry, 1, kind);
    }
  }

  private static Timer requests(MeterRegistry registry, Labels labels) {
    return Timer.builder("caravan_requests")
        .description("Requests from acceptance to the end of the response")
        .tag("provider", labels.provider())
        .tag("model", labels.model())
        .tag("outcome", labels.outcome())
        .serviceLevelObjectives(
            Duration.ofMillis(100),
            Duration.ofMillis(500),
            Duration.ofSeconds(2),
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofMinutes(5))
        .register(registry);
  }

  private static Timer firstTokens(MeterRegistry registry, Labels labels) {
    return Timer.builder("caravan_time_to_first_token")
        .description("From acceptance to the first content of the upstream")
        .tag("provider", labels.provider())
        .tag("model", labels.model())
        .serviceLevelObjectives(
            Duration.ofMillis(100),
            Duration.ofMillis(500),
            Duration.ofSeconds(2),
            Duration.ofSeconds(10),
            Duration.ofSeconds(60))
        .register(registry);
  }

  private void counted(
      MeterRegistry registry, String provider, String model, RequestRecord.Tokens used) {
    tokens.addAny(registry, used.input(), provider, model, "input");
    tokens.addAny(registry, used.output(), provider, model, "output");
    tokens.addAny(registry, used.cacheRead(), provider, model, "cache_read");
    tokens.addAny(registry, used.cacheCreation(), provider, model, "cache_creation");
    if (used.inputEstimated()) {
      estimates.addAny(registry, used.input(), provider, model, "input");
    }
    if (used.outputEstimated()) {
      estimates.addAny(registry, used.output(), provider, model, "output");
    }
  }

  /** Returns the registry of camel-micrometer, which exists once the context has started. */
  private MeterRegistry meters() {
    return meters == null && !found.isNone() ? find() : meters;
  }

  private synchronized MeterRegistry find() {
    if (meters == null) {
      MeterRegistry registry = found.of(getCamelContext());
      if (registry != null) {
        Gauge.builder("caravan_active_requests", active, AtomicInteger::get)
            .description("Requests under way")
            .register(registry);
        meters = registry;
      }
    }
    return meters;
  }
}
