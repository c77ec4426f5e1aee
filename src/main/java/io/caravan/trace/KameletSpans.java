package io.caravan.trace;

import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.component.kamelet.KameletEndpoint;
import org.apache.camel.telemetry.decorators.AbstractSpanDecorator;

/** Names the span of a step by its Kamelet; Camel itself would name each of them kamelet. */
public final class KameletSpans extends AbstractSpanDecorator {
  @Override
  public String getComponent() {
    return "kamelet";
  }

  @Override
  public String getComponentClassName() {
    return "org.apache.camel.component.kamelet.KameletComponent";
  }

  @Override
  public String getOperationName(Exchange exchange, Endpoint endpoint) {
    return endpoint instanceof KameletEndpoint kamelet
        ? kamelet.getTemplateId()
        : super.getOperationName(exchange, endpoint);
  }
}
