package io.caravan.reload;

import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;

/** Camel Main with a context whose routes and beans can be exchanged while requests use them. */
public final class ReloadableMain extends Main {
  private final EditableBeans beans = new EditableBeans();

  /** Makes a main that is not configured yet. */
  public ReloadableMain() {
    registry.setFallbackRegistry(beans);
    addMainListener(new UncopiedKamelets());
    addMainListener(new ParsedOnce.Installation());
  }

  @Override
  protected CamelContext createCamelContext() {
    ReloadableContext context = new ReloadableContext(beans);
    context.getCamelContextExtension().setRegistry(registry);
    context.getGlobalOptions().put("CamelMainClass", getClass().getName());
    return context;
  }
}
