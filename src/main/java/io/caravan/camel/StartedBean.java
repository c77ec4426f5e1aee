package io.caravan.camel;

import org.apache.camel.CamelContext;
import org.apache.camel.StartupListener;

/** A bean that acts once Camel has started fully: all other beans are there, and servers run. */
public abstract class StartedBean extends ContextBean implements StartupListener {
  /** Registers the bean, once it is configured. */
  public final void listen() throws Exception {
    getCamelContext().addStartupListener(this);
  }

  @Override
  public final void onCamelContextStarted(CamelContext context, boolean alreadyStarted) {
    // The servers run once the context has started fully.
  }

  @Override
  public final void onCamelContextFullyStarted(CamelContext context, boolean alreadyStarted) {
    if (isInForce()) {
      started(context);
    }
  }

  /** Is called once, for the bean of its type that is in the registry. */
  protected abstract void started(CamelContext context);
}
