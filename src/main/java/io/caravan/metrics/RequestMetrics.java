package io.caravan.metrics;

import io.caravan.anthropic.Usage;
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
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * Counts requests and tokens for {@code /observe/metrics}. Labels are taken from configuration
 * only, so that a client can't make series without number.
 */
public final class RequestMetrics implements CamelContextAware {
  private CamelContext camelContext;
  private volatile MeterRegistry meters;
  private final AtomicInteger active = new AtomicInteger();

  // To find a meter in the registry takes building its name, tags and description first.
  private final Map<Labels, Timer> requests = new ConcurrentHashMap<>();
  private final Map<Labels, Timer> firstTokens = new ConcurrentHashMap<>();
  private final Map<Labels, Counter> tokens = new ConcurrentHashMap<>();
  private final Map<Labels, Counter> estimates = new ConcurrentHashMap<>();

  private record Labels(String provider, String model, String rest) {}

  @Override
  public void setCamelContext(CamelContext camelContext) {
    this.camelContext = camelContext;
  }

  @Override
  public CamelContext getCamelContext() {
    return camelContext;
  }

  /** Requests being answered now. */
  public int active() {
    return active.get();
  }

  /** A request was accepted. */
  public void started() {
    active.incrementAndGet();
    meters();
  }

  /** A request is over. */
  public void ended(RequestSummary tally) {
    active.decrementAndGet();
    MeterRegistry registry = meters();
    if (registry == null) {
      return;
    }
    requests
        .computeIfAbsent(
            new Labels(tally.provider(), tally.model(), tally.outcome()),
            labels -> requests(registry, labels))
        .record(System.nanoTime() - tally.startedAt(), TimeUnit.NANOSECONDS);
    if (tally.timeToFirstContent() > 0) {
      firstTokens
          .computeIfAbsent(
              new Labels(tally.provider(), tally.model(), ""),
              labels -> firstTokens(registry, labels))
          .record(tally.timeToFirstContent(), TimeUnit.NANOSECONDS);
    }
    if (tally.usage() != null) {
      counted(registry, tally, tally.usage());
      estimated(registry, tally, tally.usage());
    }
    TranslationMetrics.count(registry, tally);
  }

  /** A request was answered without a model. */
  public void answeredLocally(String kind) {
    MeterRegistry registry = meters();
    if (registry != null) {
      registry.counter("caravan_local_answers", "kind", kind).increment();
    }
  }

  private static Timer requests(MeterRegistry registry, Labels labels) {
    return Timer.builder("caravan_requests")
        .description("Requests from acceptance to the end of the answer")
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

  private void counted(MeterRegistry registry, RequestSummary tally, Usage usage) {
    String name = "caravan_tokens";
    count(tokens, registry, name, tally, "input", usage.inputTokens());
    count(tokens, registry, name, tally, "output", usage.outputTokens());
    count(tokens, registry, name, tally, "cache_read", usage.cacheReadInputTokens());
    count(tokens, registry, name, tally, "cache_creation", usage.cacheCreationInputTokens());
  }

  /** How many of those tokens no upstream has told. */
  private void estimated(MeterRegistry registry, RequestSummary tally, Usage usage) {
    String name = "caravan_tokens_estimated";
    if (tally.inputEstimated()) {
      count(estimates, registry, name, tally, "input", usage.inputTokens());
    }
    if (tally.outputEstimated()) {
      count(estimates, registry, name, tally, "output", usage.outputTokens());
    }
  }

  private static void count(
      Map<Labels, Counter> counters,
      MeterRegistry registry,
      String name,
      RequestSummary tally,
      String kind,
      long tokens) {
    if (tokens > 0) {
      counters
          .computeIfAbsent(
              new Labels(tally.provider(), tally.model(), kind),
              labels -> counter(registry, name, labels))
          .increment((double) tokens);
    }
  }

  private static Counter counter(MeterRegistry registry, String name, Labels labels) {
    return registry.counter(
        name, "provider", labels.provider(), "model", labels.model(), "kind", labels.rest());
  }

  /** The registry of camel-micrometer, which exists once the context has started. */
  private MeterRegistry meters() {
    return meters == null ? find() : meters;
  }

  private synchronized MeterRegistry find() {
    if (meters == null && camelContext != null) {
      MeterRegistry found = camelContext.getRegistry().findSingleByType(MeterRegistry.class);
      if (found != null) {
        Gauge.builder("caravan_active_requests", active, AtomicInteger::get)
            .description("Requests being answered now")
            .register(found);
        meters = found;
      }
    }
    return meters;
  }
}
