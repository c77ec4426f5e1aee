package io.caravan.trace;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Makes a span of each call to an upstream. It names no class of OpenTelemetry, which may be
 * missing as long as traces are off.
 */
public final class TraceCalls implements Processor {
  @Override
  public void process(Exchange exchange) {
    CallTracer.watch(exchange);
  }
}
