package io.caravan.metrics;

import io.caravan.anthropic.Usage;
import io.caravan.camel.ContextBean;
import io.caravan.exchange.RequestSummary;
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
  private volatile MeterRegistry meters;
  private final AtomicInteger active = new AtomicInteger();

  // A lookup in the registry would first build a meter's name, tags and description.
  private final Map<Labels, Timer> requests = new ConcurrentHashMap<>();
  private final Map<Labels, Timer> firstTokens = new ConcurrentHashMap<>();
  private final Map<Labels, Counter> tokens = new ConcurrentHashMap<>();
  private final Map<Labels, Counter> estimates = new ConcurrentHashMap<>();

  private record Labels(String provider, String model, String rest) {}

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
  public void ended(RequestSummary summary) {
    active.decrementAndGet();
    MeterRegistry registry = meters();
    if (registry == null) {
      return;
    }
    requests
        .computeIfAbsent(
            new Labels(summary.provider(), summary.model(), summary.outcome()),
            labels -> requests(registry, labels))
        .record(System.nanoTime() - summary.startedAt(), TimeUnit.NANOSECONDS);
    if (summary.timeToFirstContent() > 0) {
      firstTokens
          .computeIfAbsent(
              new Labels(summary.provider(), summary.model(), ""),
              labels -> firstTokens(registry, labels))
          .record(summary.timeToFirstContent(), TimeUnit.NANOSECONDS);
    }
    if (summary.usage() != null) {
      counted(registry, summary, summary.usage());
      estimated(registry, summary, summary.usage());
    }
    TranslationMetrics.count(registry, summary);
  }

  /** Counts the tokens of a call that the gateway itself has made. */
  public void used(RequestSummary summary) {
    MeterRegistry registry = meters();
    if (registry != null && summary.usage() != null) {
      counted(registry, summary, summary.usage());
      estimated(registry, summary, summary.usage());
    }
  }

  /** Counts a request that was answered without a model. */
  public void answeredLocally(String kind) {
    MeterRegistry registry = meters();
    if (registry != null) {
      registry.counter("caravan_local_answers", "kind", kind).increment();
    }
  }

  private static Timer requests(MeterRegistry registry, Labels labels) {
    return Timer.builder("caravan_requests")
        .description("Requests from acceptance to the end of the response")
        .tag("provider", labels.provider())
        .tag("model", labels.model())
        .tag("outcome", labels.rest())
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

  private void counted(MeterRegistry registry, RequestSummary summary, Usage usage) {
    String name = "caravan_tokens";
    count(tokens, registry, name, summary, "input", usage.inputTokens());
    count(tokens, registry, name, summary, "output", usage.outputTokens());
    count(tokens, registry, name, summary, "cache_read", usage.cacheReadInputTokens());
    count(tokens, registry, name, summary, "cache_creation", usage.cacheCreationInputTokens());
  }

  /** Counts the tokens that no upstream has reported. */
  private void estimated(MeterRegistry registry, RequestSummary summary, Usage usage) {
    String name = "caravan_tokens_estimated";
    if (summary.inputEstimated()) {
      count(estimates, registry, name, summary, "input", usage.inputTokens());
    }
    if (summary.outputEstimated()) {
      count(estimates, registry, name, summary, "output", usage.outputTokens());
    }
  }

  private static void count(
      Map<Labels, Counter> counters,
      MeterRegistry registry,
      String name,
      RequestSummary summary,
      String kind,
      long tokens) {
    if (tokens > 0) {
      counters
          .computeIfAbsent(
              new Labels(summary.provider(), summary.model(), kind),
              labels -> counter(registry, name, labels))
          .increment((double) tokens);
    }
  }

  private static Counter counter(MeterRegistry registry, String name, Labels labels) {
    return registry.counter(
        name, "provider", labels.provider(), "model", labels.model(), "kind", labels.rest());
  }

  /** Returns the registry of camel-micrometer, which exists once the context has started. */
  private MeterRegistry meters() {
    return meters == null ? find() : meters;
  }

  private synchronized MeterRegistry find() {
    if (meters == null && getCamelContext() != null) {
      MeterRegistry found = getCamelContext().getRegistry().findSingleByType(MeterRegistry.class);
      if (found != null) {
        Gauge.builder("caravan_active_requests", active, AtomicInteger::get)
            .description("Requests under way")
            .register(found);
        meters = found;
      }
    }
    return meters;
  }
}
