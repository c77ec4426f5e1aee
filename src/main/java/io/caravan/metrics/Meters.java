package io.caravan.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import org.apache.camel.CamelContext;

/** Finds the registry of camel-micrometer, which exists once the context has started. */
final class Meters {
  private volatile MeterRegistry found;
  private volatile boolean none;

  /**
   * Returns the registry; null if there is none (yet), since an application may have no metrics.
   */
  MeterRegistry of(CamelContext context) {
    if (found == null && !none && context != null) {
      // A started application gets none any more: a search for each step of each stream is dear.
      boolean started = context.isStarted();
      found = context.getRegistry().findSingleByType(MeterRegistry.class);
      none = started && found == null;
    }
    return found;
  }

  /** Returns whether there is no registry, and will be none. */
  boolean isNone() {
    return none;
  }
}
