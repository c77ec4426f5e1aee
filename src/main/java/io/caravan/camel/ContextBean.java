package io.caravan.camel;

import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/** A bean to which Camel hands its context. */
public abstract class ContextBean implements CamelContextAware {
  private CamelContext camelContext;

  @Override
  public final void setCamelContext(CamelContext camelContext) {
    this.camelContext = camelContext;
  }

  @Override
  public final CamelContext getCamelContext() {
    return camelContext;
  }

  /**
   * Returns whether this is the bean of its type in the registry. The YAML DSL creates each bean
   * twice, once while it looks ahead; only one of them may act.
   */
  protected final boolean isInForce() {
    return camelContext.getRegistry().findSingleByType(getClass()) == this;
  }
}
