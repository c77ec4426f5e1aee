package io.caravan.stage;

import io.caravan.anthropic.Usage;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * Counts requests and tokens for {@code /observe/metrics}. Labels are taken from configuration only, so that a client
 * can't make series without number.
 */
public final class RequestMetrics implements CamelContextAware {
  private CamelContext camelContext;
  private volatile MeterRegistry meters;
  private final AtomicInteger active = new AtomicInteger();

  @Override
  public void setCamelContext(CamelContext camelContext) {
    this.camelContext = camelContext;
  }

  @Override
  public CamelContext getCamelContext() {
    return camelContext;
  }

  /** A request was accepted. */
  public void started() {
    active.incrementAndGet();
    meters();
  }

  /** A request is over. */
  public void ended(Tally tally) {
    active.decrementAndGet();
    MeterRegistry registry = meters();
    if (registry == null) {
      return;
    }
    Timer.builder("caravan_requests")
        .description("Requests from acceptance to the end of the answer")
        .tag("provider", tally.provider())
        .tag("model", tally.model())
        .tag("outcome", tally.outcome())
        .register(registry)
        .record(System.nanoTime() - tally.startedAt(), TimeUnit.NANOSECONDS);
    if (tally.timeToFirstContent() > 0) {
      firstToken(registry, tally);
    }
    if (tally.usage() != null) {
      tokens(registry, tally, tally.usage());
    }
  }

  private static void firstToken(MeterRegistry registry, Tally tally) {
    Timer.builder("caravan_time_to_first_token")
        .description("From acceptance to the first content of the upstream")
        .tag("provider", tally.provider())
        .tag("model", tally.model())
        .serviceLevelObjectives(
            Duration.ofMillis(100),
            Duration.ofMillis(500),
            Duration.ofSeconds(2),
            Duration.ofSeconds(10),
            Duration.ofSeconds(60))
        .register(registry)
        .record(tally.timeToFirstContent(), TimeUnit.NANOSECONDS);
  }

  private static void tokens(MeterRegistry registry, Tally tally, Usage usage) {
    count(registry, tally, "input", usage.inputTokens());
    count(registry, tally, "output", usage.outputTokens());
    count(registry, tally, "cache_read", usage.cacheReadInputTokens());
    count(registry, tally, "cache_creation", usage.cacheCreationInputTokens());
  }

  private static void count(MeterRegistry registry, Tally tally, String kind, long tokens) {
    if (tokens > 0) {
      registry
          .counter(
              "caravan_tokens",
              "provider",
              tally.provider(),
              "model",
              tally.model(),
              "kind",
              kind)
          .increment((double) tokens);
    }
  }

  /** The registry of camel-micrometer, which exists once the context has started. */
  private MeterRegistry meters() {
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
