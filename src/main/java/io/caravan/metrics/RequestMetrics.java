package io.caravan.metrics;

import io.caravan.camel.ContextBean;
import io.caravan.exchange.RequestRecords;
import io.caravan.exchange.RequestSummary;
import io.caravan.observe.RequestRecord;
import io.micrometer.core.instrument.Counter;
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
  private final Map<Labels, Counter> tokens = new ConcurrentHashMap<>();
  private final Map<Labels, Counter> costs = new ConcurrentHashMap<>();
  private final Map<Labels, Counter> estimates = new ConcurrentHashMap<>();

  private record Labels(String provider, String model, String rest) {
    Labels with(String other) {
      return new Labels(provider, model, other);
    }
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
    RequestRecord.Tokens used = request.tokens();
    if (used != null) {
      counted(registry, labels(request, ""), used);
    }
    if (request.nanodollars() != null) {
      costs
          .computeIfAbsent(labels(request, ""), labels -> cost(registry, labels))
          .increment(request.nanodollars() / 1e9);
    }
    TranslationMetrics.count(registry, request);
  }

  /** Counts the tokens of a call that the gateway itself has made. */
  public void used(RequestSummary summary) {
    MeterRegistry registry = meters();
    RequestRecord.Tokens used = RequestRecords.tokens(summary);
    if (registry != null && used != null) {
      counted(registry, new Labels(summary.provider(), summary.label(), ""), used);
    }
  }

  private static Labels labels(RequestRecord request, String rest) {
    return new Labels(request.model().provider(), request.model().label(), rest);
  }

  /** Counts a request that was answered without a model. */
  public void answeredLocally(String kind) {
    MeterRegistry registry = meters();
    if (registry != null) {
      Counter.builder("caravan_local_answers")
          .description("Requests answered without a model")
          .tag("kind", kind)
          .register(registry)
          .increment();
    }
  }

  private static Timer requests(MeterRegistry registry, Labels labels) {
    return Timer.builder("caravan_requests")
        .description("Requests from acceptance to the end of the response")
        .tag("provider", labels.provider())
        .tag("model", labels.model())
        .tag("outcome", labels.rest())
        .serviceLevelObjectives(
            Duration.ofMillis(100),
            Duration.ofMillis(500),
            Duration.ofSeconds(2),
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofMinutes(5))
        .register(registry);
  }

  private static Counter cost(MeterRegistry registry, Labels labels) {
    return Counter.builder("caravan_cost_dollars")
        .description("Price of tokens by the cards of their models")
        .tag("provider", labels.provider())
        .tag("model", labels.model())
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

  private void counted(MeterRegistry registry, Labels model, RequestRecord.Tokens used) {
    String name = "caravan_tokens";
    count(tokens, registry, name, model.with("input"), used.input());
    count(tokens, registry, name, model.with("output"), used.output());
    count(tokens, registry, name, model.with("cache_read"), used.cacheRead());
    count(tokens, registry, name, model.with("cache_creation"), used.cacheCreation());
    estimated(registry, model, used);
  }

  /** Counts the tokens that no upstream has reported. */
  private void estimated(MeterRegistry registry, Labels model, RequestRecord.Tokens used) {
    String name = "caravan_tokens_estimated";
    if (used.inputEstimated()) {
      count(estimates, registry, name, model.with("input"), used.input());
    }
    if (used.outputEstimated()) {
      count(estimates, registry, name, model.with("output"), used.output());
    }
  }

  private static void count(
      Map<Labels, Counter> counters,
      MeterRegistry registry,
      String name,
      Labels labels,
      long tokens) {
    if (tokens > 0) {
      counters
          .computeIfAbsent(labels, all -> counter(registry, name, all))
          .increment((double) tokens);
    }
  }

  private static Counter counter(MeterRegistry registry, String name, Labels labels) {
    return Counter.builder(name)
        .description("Tokens of prompts and completions; those estimated no upstream has reported")
        .tag("provider", labels.provider())
        .tag("model", labels.model())
        .tag("kind", labels.rest())
        .register(registry);
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
