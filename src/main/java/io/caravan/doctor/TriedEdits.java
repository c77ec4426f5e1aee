package io.caravan.doctor;

import java.util.List;
import java.util.Properties;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.StartupListener;
import org.apache.camel.main.Main;
import org.apache.camel.spi.Resource;
import org.apache.camel.spi.ResourceReload;
import org.apache.camel.support.PluginHelper;
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
  private static final String ROOT = "routes/";

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
    try {
      tryAndTake(name, resource);
    } catch (Exception | LinkageError e) {
      String fault = faults.apply(e) + "; the routes stay as they were";
      LOG.warn("{}{}", fault.contains(name) ? "" : name + ": ", fault);
      // Camel counts it; its own line about it is switched off in log4j2.properties.
      throw new IllegalArgumentException(fault, e);
    }
  }

  private void tryAndTake(String name, Resource resource) throws Exception {
    Main trial = another.get();
    // Settings from outside are in none of the files.
    Properties settings = new Properties();
    settings.putAll(context.getPropertiesComponent().loadProperties());
    settings.putAll(QuietStart.quiet());
    trial.setOverrideProperties(settings);
    try {
      trial.start();
      take(name, resource);
      Leftovers.remove(context, trial.getCamelContext());
    } finally {
      trial.stop();
    }
  }

  private void take(String name, Resource resource) throws Exception {
    if (resource.exists()) {
      reload.onReload(name, resource);
      LOG.info("{} counts from now on", name);
      return;
    }
    // A removed file may have stood in for a bundled one.
    Resource bundled =
        PluginHelper.getResourceLoader(context)
            .resolveResource("classpath:" + name.substring(Math.max(0, name.lastIndexOf(ROOT))));
    if (bundled.exists()) {
      PluginHelper.getRoutesLoader(context).updateRoutes(List.of(bundled));
    }
    LOG.info("{} was removed{}", name, bundled.exists() ? "; the bundled one counts again" : "");
  }
}
