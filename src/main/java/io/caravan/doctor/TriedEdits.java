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
 * Takes an edited route file only once everything has been started with it, aside and unseen.
 * Camel's own reload removes a route before it builds the new one: with a bean or component that
 * does not exist, the route would be gone.
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

  /**
   * Stands before the reloading of a context once that has started; does nothing where it is off.
   */
  public static final class Guard implements StartupListener {
    private final Configured another;
    private final Function<Throwable, String> faults;

    /**
     * @param faults says in one line what is wrong with an edit
     */
    public Guard(Configured another, Function<Throwable, String> faults) {
      this.another = another;
      this.faults = faults;
    }

    @Override
    public void onCamelContextStarted(CamelContext context, boolean alreadyStarted) {
      // Camel's own strategy may not have started by now.
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
      LOG.warn("{} was edited; a Kamelet counts from the next start on", name);
      return;
    }
    String fault = tried();
    if (fault != null) {
      // Camel logs it with the name of the file, and counts it.
      throw new IllegalArgumentException(fault + "; the routes go on as they were");
    }
    reload.onReload(name, resource);
  }

  /** What is wrong with the files as they are now, or null. */
  private String tried() {
    try {
      start(another.get());
      return null;
    } catch (Exception | LinkageError e) {
      return faults.apply(e);
    }
  }

  private void start(Main trial) throws Exception {
    // What was set from outside is in none of the files.
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
