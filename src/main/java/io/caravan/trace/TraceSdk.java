package io.caravan.trace;

import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.opentelemetry2.OpenTelemetryTracer;

/** OpenTelemetry's SDK and Camel's tracer on it; a class of its own, since both are optional. */
final class TraceSdk {
  /**
   * The inner ends of Kamelets and the routes that a step leads to: the span of the step itself
   * stands for them. The demonstration upstream and the routes of the management port are none of a
   * client's request.
   */
  private static final String EXCLUDED =
      "kamelet:source,kamelet:sink,kamelet://source*,kamelet://sink*,timer*,seda*";

  private final OpenTelemetrySdk sdk;

  private TraceSdk(OpenTelemetrySdk sdk) {
    this.sdk = sdk;
  }

  /** Returns whether a context has Camel's tracer. */
  static boolean runs(CamelContext context) {
    return context.getRegistry().lookupByName("caravanTracer") != null;
  }

  static TraceSdk start(CamelContext context, String endpoint) {
    OpenTelemetrySdk sdk =
        AutoConfiguredOpenTelemetrySdk.builder()
            .addPropertiesSupplier(
                () ->
                    Map.of(
                        "otel.service.name", "caravan",
                        "otel.exporter.otlp.endpoint", endpoint,
                        "otel.exporter.otlp.protocol", "http/protobuf",
                        "otel.metrics.exporter", "none",
                        "otel.logs.exporter", "none"))
            .addSpanExporterCustomizer((exporter, settings) -> new WordlessSpans(exporter))
            .disableShutdownHook()
            .build()
            .getOpenTelemetrySdk();
    context.getRegistry().bind("caravanTracer", Tracer.class, sdk.getTracer("io.caravan"));
    context
        .getRegistry()
        .bind("caravanPropagators", ContextPropagators.class, sdk.getPropagators());
    OpenTelemetryTracer tracer = new OpenTelemetryTracer();
    tracer.setCamelContext(context);
    tracer.setExcludePatterns(EXCLUDED);
    tracer.init(context);
    return new TraceSdk(sdk);
  }

  /** Sends the spans that are left, and ends. */
  void close() {
    sdk.close();
  }
}
