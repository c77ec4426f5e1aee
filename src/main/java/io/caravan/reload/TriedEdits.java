package io.caravan.reload;

import io.caravan.doctor.Configured;
import io.caravan.doctor.QuietStart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
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

  /** Counted down once the gateway has started. */
  private final CountDownLatch started = new CountDownLatch(1);

  private TriedEdits(Guard guard, ReloadableContext context, RetiredRoutes retired) {
    this.context = context;
    this.another = guard.another;
    this.locations = guard.locations;
    this.faults = guard.faults;
    this.exchange = new RouteExchange(context, retired);
    this.inForce = guard.atStart;
  }

  /** Prepares a context for live reload. */
  public static final class Guard implements StartupListener {
    /** The milliseconds by which the time of a file may lag behind the clock. */
    private static final long COARSE_MILLIS = 2_000;

    private final Configured another;
    private final Callable<List<String>> locations;
    private final Function<Throwable, String> faults;

    /** The files as they were loaded: one may be edited while the gateway starts. */
    private RouteSources atStart;

    /** The time before they were read. */
    private long readMillis;

    private TriedEdits edits;

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

    /** Reads the files before Camel loads them. What can't be read is Camel's to report. */
    public void read(ReloadableMain main) {
      readMillis = System.currentTimeMillis();
      try {
        atStart = RouteSources.read(main.getCamelContext(), locations);
        ParsedOnce.begin(main.getCamelContext(), locations.call());
      } catch (Exception e) {
        LOG.debug("The route files can't be read", e);
      }
    }

    /**
     * Prepares a context before its routes are made; does nothing if live reload is off.
     *
     * @throws Exception if the context can't be prepared
     */
    public void prepare(ReloadableMain main) throws Exception {
      ReloadableContext context = (ReloadableContext) main.getCamelContext();
      RouteWatcherReloadStrategy strategy = context.hasService(RouteWatcherReloadStrategy.class);
      if (strategy == null) {
        return;
      }
      if (atStart == null) {
        atStart = RouteSources.read(context, locations);
      }
      RetiredRoutes retired = new RetiredRoutes(context);
      HttpEntry.Engine engine = new HttpEntry.Engine();
      engine.setCamelContext(context);
      context.getRegistry().bind(HttpEntry.Engine.NAME, engine);
      context.addRoutePolicyFactory(new InFlight.Factory());
      context.addLifecycleStrategy(retired);
      edits = new TriedEdits(this, context, retired);
      // Camel watches the files before the routes have started.
      strategy.setResourceReload(edits);
      context.addStartupListener(this);
    }

    @Override
    public void onCamelContextStarted(CamelContext context, boolean alreadyStarted) {
      // Not all services have started yet.
    }

    @Override
    public void onCamelContextFullyStarted(CamelContext context, boolean alreadyStarted) {
      edits.started.countDown();
      RouteWatcherReloadStrategy strategy = context.hasService(RouteWatcherReloadStrategy.class);
      if (isEditedSinceRead(Path.of(strategy.getFolder()))) {
        Thread thread = new Thread(this::takeEarlyEdits, "caravan-early-edits");
        thread.setDaemon(true);
        thread.start();
      }
    }

    /** An edit before the files were watched shows in the times of the files and directories. */
    private boolean isEditedSinceRead(Path folder) {
      if (!Files.isDirectory(folder)) {
        return false;
      }
      try (Stream<Path> files = Files.walk(folder)) {
        return files.anyMatch(file -> file.toFile().lastModified() >= readMillis - COARSE_MILLIS);
      } catch (IOException | UncheckedIOException e) {
        LOG.debug("The times of the route files can't be read", e);
        return true;
      }
    }

    private void takeEarlyEdits() {
      try {
        edits.onReload("routes", null);
      } catch (Exception e) {
        LOG.debug("An edit of the route files was refused, as the log has said", e);
      }
    }
  }

  @Override
  public void onReload(String name, Resource resource) throws Exception {
    if (name.endsWith(".kamelet.yaml")) {
      LOG.warn("{} was edited; an edited Kamelet takes effect at the next start", name);
      return;
    }
    if (hasStarted()) {
      reload(name);
    }
  }

  /** Waits until the gateway has started; returns false if it stops. */
  private boolean hasStarted() throws InterruptedException {
    while (!context.isStopping() && !context.isStopped()) {
      if (started.await(SETTLED_MILLIS, TimeUnit.MILLISECONDS)) {
        return true;
      }
    }
    return false;
  }

  private synchronized void reload(String name) throws Exception {
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
    // Camel counts it; its own line about it is switched off in LogSetup.
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
