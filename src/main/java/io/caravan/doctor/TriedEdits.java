package io.caravan.doctor;

import java.util.Properties;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.StartupListener;
import org.apache.camel.main.Main;
import org.apache.camel.spi.Resource;
import org.apache.camel.spi.ResourceReload;
import org.apache.camel.support.RouteWatcherReloadStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reloads an edited route file only after another application has started with it. Camel's own
 * reload removes a route before it builds the new one: with a bean or component that does not
 * exist, the route would be gone.
 */
public final class TriedEdits implements ResourceReload {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan");

  private final CamelContext context;
  private final ResourceReload reload;
  private final Configured another;
  private final Function<Throwable, String> faults;

  private TriedEdits(
      CamelContext context,
      ResourceReload reload,
      Configured another,
      Function<Throwable, String> faults) {
    this.context = context;
    this.reload = reload;
    this.another = another;
    this.faults = faults;
  }

  /** Installs the check in a context that has started; does nothing if live reload is off. */
  public static final class Guard implements StartupListener {
    private final Configured another;
    private final Function<Throwable, String> faults;

    /**
     * Makes a guard.
     *
     * @param another makes the application that tries an edit
     * @param faults returns one line that explains the fault of an edit
     */
    public Guard(Configured another, Function<Throwable, String> faults) {
      this.another = another;
      this.faults = faults;
    }

    @Override
    public void onCamelContextStarted(CamelContext context, boolean alreadyStarted) {
      // Camel's reload strategy may not have started yet.
    }

    @Override
    public void onCamelContextFullyStarted(CamelContext context, boolean alreadyStarted) {
      RouteWatcherReloadStrategy strategy = context.hasService(RouteWatcherReloadStrategy.class);
      if (strategy != null) {
        strategy.setResourceReload(
            new TriedEdits(context, strategy.getResourceReload(), another, faults));
      }
    }
  }

  @Override
  public void onReload(String name, Resource resource) throws Exception {
    if (name.endsWith(".kamelet.yaml")) {
      LOG.warn("{} was edited; an edited Kamelet takes effect at the next start", name);
      return;
    }
    String fault = fault();
    if (fault != null) {
      // Camel logs it with the name of the file, and counts it.
      throw new IllegalArgumentException(fault + "; the routes stay as they were");
    }
    reload.onReload(name, resource);
  }

  /** Returns the fault of the files as they are now, or null. */
  private String fault() {
    try {
      start(another.get());
      return null;
    } catch (Exception | LinkageError e) {
      return faults.apply(e);
    }
  }

  private void start(Main trial) throws Exception {
    // Settings from outside are in none of the files.
    Properties settings = new Properties();
    settings.putAll(context.getPropertiesComponent().loadProperties());
    settings.putAll(QuietStart.quiet());
    trial.setOverrideProperties(settings);
    try {
      trial.start();
    } finally {
      trial.stop();
    }
  }
}
