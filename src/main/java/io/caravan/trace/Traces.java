package io.caravan.trace;

import io.caravan.camel.ContextBean;

/**
 * Switches traces on. OpenTelemetry's own environment variables ({@code OTEL_…}) take precedence
 * over what is set here.
 */
public final class Traces extends ContextBean implements AutoCloseable {
  private boolean enabled;
  private String endpoint = "http://localhost:4318";
  private double percent = 100;
  private TraceSdk sdk;

  /** Sets whether requests are traced (default not). */
  public void setEnabled(boolean enabled) {
    this.enabled = enabled;
  }

  /** Sets the base URL of the collector, which takes OTLP over HTTP. */
  public void setEndpoint(String endpoint) {
    if (!endpoint.matches("(?i)https?://.+")) {
      throw new IllegalArgumentException(endpoint + " has no http:// or https:// before it");
    }
    this.endpoint = endpoint;
  }

  /**
   * Sets how many of 100 requests are traced whose client has not decided it (default all).
   *
   * @throws IllegalArgumentException if it is none from 0 to 100
   */
  public void setPercent(double percent) {
    if (!(percent >= 0 && percent <= 100)) {
      throw new IllegalArgumentException(
          "caravan.traces.percent is " + percent + ", and must be from 0 to 100");
    }
    this.percent = percent;
  }

  /**
   * Starts the traces, before the routes are made.
   *
   * @throws IllegalStateException if OpenTelemetry is not on the class path
   */
  public synchronized void start() {
    if (!enabled || sdk != null || TraceSdk.runs(getCamelContext())) {
      return;
    }
    try {
      sdk = TraceSdk.start(getCamelContext(), endpoint, percent);
    } catch (NoClassDefFoundError e) {
      throw new IllegalStateException(
          "caravan.traces.enabled is true, and a class of OpenTelemetry is missing: "
              + e.getMessage()
              + ". The runnable jar has them; add camel-opentelemetry2, opentelemetry-exporter-otlp"
              + " and opentelemetry-sdk-extension-autoconfigure to your application",
          e);
    }
  }

  @Override
  public synchronized void close() {
    if (sdk != null) {
      sdk.close();
      sdk = null;
    }
  }
}
