package io.caravan.trace;

import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.util.Map;
import org.apache.camel.CamelContext;

/** OpenTelemetry's SDK and Camel's tracer on it; a class of its own, since both are optional. */
final class TraceSdk {
  /** The name of the bean that makes spans. */
  static final String TRACER = "caravanTracer";

  /** The name of the bean that passes a trace on. */
  static final String PROPAGATORS = "caravanPropagators";

  private final OpenTelemetrySdk sdk;

  private TraceSdk(OpenTelemetrySdk sdk) {
    this.sdk = sdk;
  }

  /** Returns whether a context has Camel's tracer. */
  static boolean runs(CamelContext context) {
    return context.getRegistry().lookupByName(TRACER) != null;
  }

  /**
   * Starts them.
   *
   * @param percent how many of 100 requests are traced whose client has not decided it
   */
  static TraceSdk start(CamelContext context, String endpoint, double percent) {
    OpenTelemetrySdk sdk =
        AutoConfiguredOpenTelemetrySdk.builder()
            .addPropertiesSupplier(
                () ->
                    Map.of(
                        "otel.service.name", "caravan",
                        "otel.exporter.otlp.endpoint", endpoint,
                        "otel.exporter.otlp.protocol", "http/protobuf",
                        "otel.metrics.exporter", "none",
                        "otel.logs.exporter", "none",
                        "otel.attribute.value.length.limit", "500",
                        "otel.traces.sampler", "parentbased_traceidratio",
                        "otel.traces.sampler.arg", Double.toString(percent / 100),
                        // A request to the collector costs as much as a thousand spans in it.
                        "otel.bsp.max.queue.size", "8192",
                        "otel.bsp.max.export.batch.size", "4096"))
            .addSpanExporterCustomizer((exporter, settings) -> new WordlessSpans(exporter))
            .disableShutdownHook()
            .build()
            .getOpenTelemetrySdk();
    Tracer tracer = sdk.getTracer("io.caravan");
    context.getRegistry().bind(TRACER, Tracer.class, tracer);
    context.getRegistry().bind(PROPAGATORS, ContextPropagators.class, sdk.getPropagators());
    RequestTracer camels = new RequestTracer(tracer);
    camels.setCamelContext(context);
    camels.init(context);
    return new TraceSdk(sdk);
  }

  /** Sends the spans that are left, and ends. */
  void close() {
    sdk.close();
  }
}
