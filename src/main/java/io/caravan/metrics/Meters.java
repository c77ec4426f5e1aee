package io.caravan.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import org.apache.camel.CamelContext;

/** Finds the registry of camel-micrometer, which exists once the context has started. */
final class Meters {
  private volatile MeterRegistry found;

  /**
   * Returns the registry; null if there is none (yet), since an application may have no metrics.
   */
  MeterRegistry of(CamelContext context) {
    if (found == null && context != null) {
      found = context.getRegistry().findSingleByType(MeterRegistry.class);
    }
    return found;
  }
}
