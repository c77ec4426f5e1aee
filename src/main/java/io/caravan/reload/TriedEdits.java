package io.caravan.reload;

import io.caravan.doctor.Configured;
import io.caravan.doctor.QuietStart;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.Ordered;
import org.apache.camel.StartupListener;
import org.apache.camel.main.Main;
import org.apache.camel.main.SimpleMainShutdownStrategy;
import org.apache.camel.spi.Resource;
import org.apache.camel.spi.ResourceReload;
import org.apache.camel.support.RouteWatcherReloadStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Puts edited route files in force only after another application has started with them. Camel's
 * own reload removes a route before it builds the new one: with a bean or component that does not
 * exist, the route would be gone.
 *
 * <p>Camel reports each file that is written; several that are written together are one edit.
 */
public final class TriedEdits implements ResourceReload {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan");

  /** The milliseconds for which no file must have changed: a program may write it in parts. */
  private static final long SETTLED_MILLIS = 50;

  private final ReloadableContext context;
  private final RouteExchange exchange;
  private final Configured another;
  private final Callable<List<String>> locations;
  private final Function<Throwable, String> faults;

  private RouteSources inForce;

  /** The files that were refused last, and why; null if none were. */
  private RouteSources refused;

  private String fault;

  private TriedEdits(Guard guard, ReloadableContext context) {
    this.context = context;
    this.another = guard.another;
    this.locations = guard.locations;
    this.faults = guard.faults;
    this.exchange = new RouteExchange(context, guard.retired);
    this.inForce = guard.atStart;
  }

  /** Prepares a context for live reload. */
  public static final class Guard implements StartupListener, Ordered {
    private final Configured another;
    private final Callable<List<String>> locations;
    private final Function<Throwable, String> faults;
    private RetiredRoutes retired;

    /** The files as they were loaded: one may be edited while the gateway starts. */
    private RouteSources atStart;

    /**
     * Makes a guard.
     *
     * @param another makes the application that tries an edit
     * @param locations finds the locations of the route files
     * @param faults returns one line that explains the fault of an edit
     */
    public Guard(
        Configured another, Callable<List<String>> locations, Function<Throwable, String> faults) {
      this.another = another;
      this.locations = locations;
      this.faults = faults;
    }

    /**
     * Prepares a context before its routes are made; does nothing if live reload is off.
     *
     * @throws Exception if the context can't be prepared
     */
    public void prepare(ReloadableMain main) throws Exception {
      if (!main.configure().isRoutesReloadEnabled()) {
        return;
      }
      CamelContext context = main.getCamelContext();
      atStart = RouteSources.read(context, locations);
      retired = new RetiredRoutes(context);
      HttpEntry.Engine engine = new HttpEntry.Engine();
      engine.setCamelContext(context);
      context.getRegistry().bind(HttpEntry.Engine.NAME, engine);
      context.addRoutePolicyFactory(new InFlight.Factory());
      context.addLifecycleStrategy(retired);
      context.addStartupListener(this);
    }

    /** It is there before anybody is told that the gateway is ready, and edits a file. */
    @Override
    public int getOrder() {
      return HIGHEST;
    }

    @Override
    public void onCamelContextStarted(CamelContext context, boolean alreadyStarted) {
      // Camel's reload strategy may not have started yet.
    }

    @Override
    public void onCamelContextFullyStarted(CamelContext context, boolean alreadyStarted) {
      RouteWatcherReloadStrategy strategy = context.hasService(RouteWatcherReloadStrategy.class);
      if (strategy != null && context instanceof ReloadableContext reloadable) {
        strategy.setResourceReload(new TriedEdits(this, reloadable));
      }
    }
  }

  @Override
  public void onReload(String name, Resource resource) throws Exception {
    if (name.endsWith(".kamelet.yaml")) {
      LOG.warn("{} was edited; an edited Kamelet takes effect at the next start", name);
      return;
    }
    if (context.isStopping() || context.isStopped()) {
      return;
    }
    RouteSources now = null;
    try {
      now = settled();
      if (now.equals(inForce)) {
        return;
      }
      if (!now.equals(refused)) {
        inForce = tryAndTake(now);
        refused = null;
        fault = null;
        return;
      }
    } catch (Exception | LinkageError e) {
      report(name, now, faults.apply(e) + "; the routes stay as they were");
    }
    // Camel counts it; its own line about it is switched off in log4j2.properties.
    throw new IllegalArgumentException(fault);
  }

  /** Camel reports some writes several times: one fault is one line of the log. */
  private void report(String name, RouteSources files, String text) {
    if (!text.equals(fault) || !Objects.equals(files, refused)) {
      Set<String> edited = files == null ? Set.of(name) : files.changedSince(inForce);
      boolean named = edited.stream().anyMatch(text::contains);
      LOG.warn("{}{}", named ? "" : String.join(", ", edited) + ": ", text);
    }
    fault = text;
    refused = files;
  }

  /** Reads the files once nobody has written to them for a moment. */
  private RouteSources settled() throws Exception {
    RouteSources before = RouteSources.read(context, locations);
    while (true) {
      TimeUnit.MILLISECONDS.sleep(SETTLED_MILLIS);
      RouteSources now = RouteSources.read(context, locations);
      if (now.equals(before)) {
        return now;
      }
      before = now;
    }
  }

  /** Returns the files that were put in force: the newest, if they are edited meanwhile. */
  private RouteSources tryAndTake(RouteSources files) throws Exception {
    RouteSources now = files;
    while (!changesNothing(now)) {
      Main trial = another.get();
      try {
        start(trial);
        RouteSources after = settled();
        if (after.equals(now)) {
          take(now, trial.getCamelContext());
          return now;
        }
        now = after;
      } finally {
        trial.stop();
      }
    }
    announce(now);
    return now;
  }

  private boolean changesNothing(RouteSources now) {
    try {
      return Edit.between(inForce, now).changesNothing();
    } catch (YamlEngineException e) {
      // Camel, in the trial, says better what is wrong.
      return false;
    }
  }

  private void start(Main trial) {
    // Settings from outside are in none of the files.
    Properties settings = new Properties();
    settings.putAll(context.getPropertiesComponent().loadProperties());
    settings.putAll(QuietStart.quiet());
    trial.setOverrideProperties(settings);
    // Camel's own has a hook for the end of the JVM, which would keep the trial in memory.
    trial.setShutdownStrategy(new SimpleMainShutdownStrategy());
    trial.start();
  }

  private void take(RouteSources now, CamelContext trial) throws Exception {
    Edit edit = Edit.between(inForce, now);
    exchange.take(edit, now, trial);
    announce(now);
    for (String bean : edit.later()) {
      LOG.warn("The edited bean {} takes effect at the next start", bean);
    }
  }

  private void announce(RouteSources now) {
    for (String path : now.changedSince(inForce)) {
      RouteSources.Source was = inForce.files().get(path);
      RouteSources.Source file = now.files().get(path);
      if (file == null) {
        LOG.info("{} was removed", path);
      } else if (was != null && file.isBundled() && !was.isBundled()) {
        LOG.info("{} was removed; the bundled one counts again", path);
      } else {
        LOG.info("{} counts from now on", path);
      }
    }
  }
}
