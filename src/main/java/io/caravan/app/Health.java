package io.caravan.app;

import io.caravan.models.UpstreamModels;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Adds two checks to Camel's health: Caravan is ready from the moment it serves requests until it
 * begins to stop; and it reports whether its upstreams are reachable. An unreachable upstream makes
 * no replica unready, since all replicas would become unready at once.
 */
final class Health {
  private static final String READY = "caravan-ready";

  private Health() {}

  /** Adds the checks to a context; does nothing the second time. */
  static void install(CamelContext context) {
    HealthCheckRegistry registry = HealthCheckRegistry.get(context);
    if (registry != null && registry.getCheck(READY).isEmpty()) {
      registry.register(new Ready(context));
      registry.register(new Upstreams(context));
    }
  }

  /** Reports that requests are served from now on. */
  static void ready(CamelContext context) {
    HealthCheckRegistry registry = HealthCheckRegistry.get(context);
    if (registry != null) {
      registry.getCheck(READY).ifPresent(check -> ((Ready) check).ready.set(true));
    }
  }

  /** Reports that requests should go to other replicas from now on. */
  static void stopping(CamelContext context) {
    HealthCheckRegistry registry = HealthCheckRegistry.get(context);
    if (registry != null) {
      registry.getCheck(READY).ifPresent(check -> ((Ready) check).stopping.set(true));
    }
  }

  private static final class Ready extends AbstractHealthCheck {
    private final AtomicBoolean ready = new AtomicBoolean();
    private final AtomicBoolean stopping = new AtomicBoolean();

    Ready(CamelContext context) {
      super("caravan", READY);
      setCamelContext(context);
    }

    @Override
    public boolean isLiveness() {
      return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
      if (ready.get() && !stopping.get() && getCamelContext().isStarted()) {
        builder.up();
      } else {
        builder.message(ready.get() ? "Caravan is stopping" : "Caravan is starting").down();
      }
    }
  }

  private static final class Upstreams extends AbstractHealthCheck {
    Upstreams(CamelContext context) {
      super("caravan", "caravan-upstreams");
      setCamelContext(context);
    }

    @Override
    public boolean isLiveness() {
      return false;
    }

    @Override
    public boolean isReadiness() {
      return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
      UpstreamModels models =
          getCamelContext().getRegistry().findSingleByType(UpstreamModels.class);
      if (models != null) {
        models
            .listings()
            .forEach(
                (provider, listing) ->
                    builder.detail(
                        provider, listing.failure() == null ? "reachable" : listing.failure()));
      }
      builder.up();
    }
  }
}
