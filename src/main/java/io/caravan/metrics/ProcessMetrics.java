package io.caravan.metrics;

import io.caravan.camel.StartedBean;
import io.caravan.http.HttpServers;
import io.caravan.http.UpstreamHttp;
import io.caravan.limits.client.ClientKeys;
import io.caravan.limits.redis.SharedLimits;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.util.List;
import org.apache.camel.CamelContext;

/**
 * Registers the meters of the process once Camel has started: the JVM's, the build, connections,
 * and Redis where it serves budgets alone. A runtime that has meters of the JVM keeps its own.
 */
public final class ProcessMetrics extends StartedBean implements AutoCloseable {
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private UpstreamHttp http;
  private SharedLimits shared = new SharedLimits();
  private ClientKeys keys = new ClientKeys();
  private UpstreamMetrics upstreams = new UpstreamMetrics();

  /** Sets the connections to upstreams. */
  public void setHttp(UpstreamHttp http) {
    this.http = http;
  }

  /** Sets the limits that replicas share. */
  public void setShared(SharedLimits shared) {
    this.shared = shared;
  }

  /** Sets the client keys, whose budgets Redis may hold. */
  public void setKeys(ClientKeys keys) {
    this.keys = keys;
  }

  /** Sets the metrics that have the meters of Redis. */
  public void setUpstreams(UpstreamMetrics upstreams) {
    this.upstreams = upstreams;
  }

  @Override
  protected void started(CamelContext context) {
    MeterRegistry registry = context.getRegistry().findSingleByType(MeterRegistry.class);
    if (registry == null) {
      return;
    }
    if (registry.find("jvm.memory.used").meter() == null) {
      bindJvm(registry);
    }
    build(registry);
    connections(context, registry);
    if (keys.hasBudgets()) {
      upstreams.watch(shared);
    }
  }

  private void bindJvm(MeterRegistry registry) {
    List<MeterBinder> binders =
        List.of(
            new JvmMemoryMetrics(),
            new JvmThreadMetrics(),
            new ClassLoaderMetrics(),
            new ProcessorMetrics(),
            new FileDescriptorMetrics(),
            new UptimeMetrics(),
            collections);
    binders.forEach(binder -> binder.bindTo(registry));
  }

  private static void build(MeterRegistry registry) {
    String version = ProcessMetrics.class.getPackage().getImplementationVersion();
    Gauge.builder("caravan_build", () -> 1)
        .description("1; the labels are the versions of Caravan, Camel and Java")
        .tag("version", version == null ? "unknown" : version)
        .tag("camel", camel())
        .tag("java", System.getProperty("java.version", "unknown"))
        .register(registry);
  }

  private static String camel() {
    String version = CamelContext.class.getPackage().getImplementationVersion();
    return version == null ? "unknown" : version;
  }

  private void connections(CamelContext context, MeterRegistry registry) {
    HttpServers servers = context.getRegistry().findSingleByType(HttpServers.class);
    if (servers != null) {
      Gauge.builder("caravan_connections", servers, all -> all.connections().size())
          .description("Open connections of clients")
          .register(registry);
      Gauge.builder("caravan_connections_max", servers, all -> all.connections().maximum())
          .description("The most connections of clients that may be open")
          .register(registry);
    }
    if (http != null) {
      upstream(registry, "leased", () -> http.poolStats().getLeased());
      upstream(registry, "idle", () -> http.poolStats().getAvailable());
    }
  }

  private static void upstream(
      MeterRegistry registry, String state, java.util.function.Supplier<Number> number) {
    Gauge.builder("caravan_upstream_connections", number)
        .description("Open connections to upstreams, in use and idle")
        .tag("state", state)
        .register(registry);
  }

  @Override
  public void close() {
    collections.close();
  }
}
