package io.caravan.app;

import io.caravan.camel.ContextBean;
import io.caravan.http.HttpServers;
import io.caravan.http.RunningGateway;
import io.caravan.limits.client.ClientKeys;
import io.caravan.limits.client.ClientLimits;
import io.caravan.log.LogGuard;
import io.caravan.models.ModelDirectory;
import io.caravan.senses.ImageDescriptions;
import io.caravan.settings.SettingOrigin;
import io.caravan.tokens.TokenCounter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.StartupListener;
import org.apache.camel.support.LifecycleStrategySupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the settings before the routes start, and logs when requests are served. It is a bean in
 * YAML and not part of {@code main}, so that the Camel CLI, Quarkus and Camel K have it too. A
 * fault ends the start with one clear line.
 */
public final class Start extends ContextBean implements StartupListener {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan");
  private static final long POLL_NANOS = 50_000_000;
  private static final long WARM_UP_NANOS = 1_000_000_000;
  private static final int MOST_CALLS = 4;
  private static final String HOST = "caravan.host";
  private static final String PORT = "caravan.port";
  private static final String MANAGEMENT_HOST = "caravan.management-host";
  private static final String MANAGEMENT_PORT = "caravan.management-port";

  /**
   * An id that distinguishes this process from another one on the same port: Camel only warns if a
   * port is in use.
   */
  static final String INSTANCE = UUID.randomUUID().toString();

  private String host = "127.0.0.1";
  private String port = "8085";
  private String managementHost = "127.0.0.1";
  private String managementPort = "0";
  private ClientKeys keys = new ClientKeys();
  private ClientLimits limits = new ClientLimits();
  private boolean exitOnFault = true;
  private boolean serving = true;
  private boolean tls;
  private boolean loading;
  private final List<TokenCounter> counters = new CopyOnWriteArrayList<>();
  private final UpstreamWarnings warnings = new UpstreamWarnings();

  /** Sets the address on which the gateway listens. */
  public void setHost(String host) {
    this.host = host;
  }

  /** Sets the port on which the gateway listens; 0 lets the system choose. */
  public void setPort(String port) {
    this.port = port;
  }

  /** Sets whether the port uses TLS. */
  public void setTls(boolean tls) {
    this.tls = tls;
  }

  /** Sets the address of health and metrics. */
  public void setManagementHost(String managementHost) {
    this.managementHost = managementHost;
  }

  /** Sets the port of health and metrics; 0 lets the system choose. */
  public void setManagementPort(String managementPort) {
    this.managementPort = managementPort;
  }

  /** Sets the client keys. Without any, the gateway must listen on a loopback address. */
  public void setKeys(ClientKeys keys) {
    this.keys = keys;
  }

  /** Sets the clients' limits, whose ledger is opened if a key has a budget. */
  public void setLimits(ClientLimits limits) {
    this.limits = limits;
  }

  /** Sets whether a fault ends the process (default) or only the start. */
  public void setExitOnFault(boolean exitOnFault) {
    this.exitOnFault = exitOnFault;
  }

  /** Sets whether requests are served (default), or the configuration is only checked. */
  public void setServing(boolean serving) {
    this.serving = serving;
  }

  /**
   * Checks the settings, once the bean is configured.
   *
   * @throws IllegalStateException if one is wrong, unless a fault ends the process
   */
  public void check() throws Exception {
    LogGuard.install();
    try {
      checkNumber(setting(PORT), port);
      checkNumber(setting(MANAGEMENT_PORT), managementPort);
      checkHost();
      checkPorts();
      if (tls) {
        KeyStoreCheck.check(getCamelContext());
      }
    } catch (IllegalArgumentException e) {
      fault(e.getMessage());
    }
    Health.install(getCamelContext());
    getCamelContext()
        .addLifecycleStrategy(
            new LifecycleStrategySupport() {
              /** All route files are read by now, so it is known which counter is in force. */
              @Override
              public void onContextInitialized(CamelContext context) {
                checkEarly(context);
                load(context);
              }
            });
    getCamelContext().addStartupListener(this);
  }

  /** Reports what the beans alone can tell, before the expensive part of a start: the routes. */
  private void checkEarly(CamelContext context) {
    if (!serving || !exitOnFault || !isInForce() || !context.getRoutes().isEmpty()) {
      return;
    }
    try {
      RouteChecks.checkBeans(context);
      if (models() != null) {
        models().check();
      }
    } catch (IllegalArgumentException e) {
      fault(e.getMessage());
    }
    warnings.beforeServing(context, Integer.parseInt(port));
  }

  private String setting(String key) {
    return SettingOrigin.ofKey(getCamelContext(), key).name();
  }

  private void checkPorts() {
    address(setting(MANAGEMENT_HOST), managementHost);
    if (port.equals(managementPort) && !port.equals("0")) {
      throw new IllegalArgumentException(
          setting(PORT)
              + " and "
              + setting(MANAGEMENT_PORT)
              + " are both "
              + port
              + ": health and metrics need a port of their own");
    }
    if (serving && !ServerPages.serverRuns(getCamelContext())) {
      Ports.checkFree(host, Integer.parseInt(port), setting(PORT));
      Ports.checkFree(managementHost, Integer.parseInt(managementPort), setting(MANAGEMENT_PORT));
    }
  }

  @Override
  public void onCamelContextStarted(CamelContext context, boolean alreadyStarted) {
    // Readiness is reported once the context has started fully.
  }

  @Override
  public void onCamelContextFullyStarted(CamelContext context, boolean alreadyStarted) {
    if (!isInForce()) {
      return;
    }
    try {
      RouteChecks.check(context);
      models().check();
      if (keys.hasBudgets()) {
        limits.open();
      }
    } catch (IllegalArgumentException | IllegalStateException | UncheckedIOException e) {
      fault(e.getMessage());
    }
    if (!serving) {
      return;
    }
    ServerPages.install(context);
    HttpServers servers = context.getRegistry().findSingleByType(HttpServers.class);
    if (servers != null) {
      FileLimit.check(servers.connections().maximum());
    }
    load(context);
    warmUp();
    if (!ServerPages.serverIsCamels(context)) {
      // Quarkus opens its port once Camel has started, and fails by itself if the port is in use.
      onceServed(context);
      return;
    }
    if (!listens(servers) && !port.equals("0") && !servedByUsAtLast()) {
      fault(
          "port "
              + port
              + " of "
              + host
              + " is in use by another program; set "
              + setting(PORT)
              + " to a free one");
    }
    ready(context);
  }

  private boolean listens(HttpServers servers) {
    try {
      return servers != null && servers.listen();
    } catch (CompletionException e) {
      fault(Ports.notFree(host, Integer.parseInt(port), setting(PORT), e.getCause()));
      return false;
    }
  }

  private void onceServed(CamelContext context) {
    inBackground(
        () -> {
          while (context.isStarted() && !servedByUs()) {
            LockSupport.parkNanos(POLL_NANOS);
          }
          if (context.isStarted()) {
            ready(context);
          }
        },
        "caravan-start");
  }

  /** Loads what the token counter counts with, while another thread makes the routes. */
  private void load(CamelContext context) {
    if (serving && !loading && isInForce()) {
      loading = true;
      counters.addAll(context.getRegistry().findByType(TokenCounter.class));
      inBackground(
          () -> counters.removeIf(counter -> !succeeds(counter, TokenCounter::load)),
          "caravan-load");
    }
  }

  /** Warms the token counter up a moment later: the first requests need the processors now. */
  private void warmUp() {
    inBackground(
        () -> {
          LockSupport.parkNanos(WARM_UP_NANOS);
          counters.forEach(counter -> succeeds(counter, TokenCounter::warmUp));
        },
        "caravan-warm-up");
  }

  private static boolean succeeds(TokenCounter counter, Consumer<TokenCounter> action) {
    try {
      action.accept(counter);
      return true;
    } catch (RuntimeException | LinkageError e) {
      LOG.warn("{} can't be prepared: {}", counter.getClass().getName(), Faults.inOneLine(e));
      return false;
    }
  }

  /** The YAML DSL creates each bean twice, once while it looks ahead: only one acts. */
  static void inBackground(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void ready(CamelContext context) {
    Health.ready(context);
    announce();
    warnings.onceServing(context);
  }

  private ModelDirectory models() {
    return getCamelContext().getRegistry().findSingleByType(ModelDirectory.class);
  }

  private void announce() {
    models()
        .configured()
        .forEach(
            (use, full) -> {
              boolean demonstration = models().choose(full).provider().demonstration();
              if (demonstration && tls) {
                LOG.warn("The demonstration upstream can't be called where TLS is on");
              }
              LOG.info(
                  "{}: {}{}",
                  use,
                  full,
                  demonstration ? " (answered by the demonstration upstream)" : "");
            });
    announceVision();
    if (keys.isConfigured()) {
      LOG.info("{} client keys", keys.getCount());
    }
    LOG.info("Caravan is ready on {}", ServerUrl.of(tls, host, port));
  }

  /** Logs where pictures go: to a provider that no client has chosen. */
  private void announceVision() {
    ImageDescriptions descriptions =
        getCamelContext().getRegistry().findSingleByType(ImageDescriptions.class);
    if (descriptions != null && descriptions.isOn()) {
      LOG.info(
          "vision: images that a model can't see are sent to {}",
          String.join(", ", descriptions.names()));
    }
  }

  private static void checkNumber(String setting, String port) {
    if (port.startsWith("tcp://")) {
      throw new IllegalArgumentException(
          setting
              + " is "
              + port
              + ": Kubernetes sets it for a Service named caravan; set"
              + " enableServiceLinks: false in the pod, or rename the Service");
    }
    if (!port.matches("\\d{1,5}") || Integer.parseInt(port) > 65_535) {
      throw new IllegalArgumentException(
          setting
              + (port.isBlank() ? " is empty" : " is not a port: " + port)
              + (port.equals(port.strip()) ? "" : ", with a blank before or behind it")
              + "; it must be a number up to 65535");
    }
  }

  private void checkHost() {
    String setting = setting(HOST);
    InetAddress address = address(setting, host);
    if (!address.isLoopbackAddress() && !keys.isConfigured()) {
      throw new IllegalArgumentException(
          setting
              + " is "
              + host
              + ", which others can reach: set CARAVAN_API_KEYS to the keys that"
              + " clients may use, or caravan.client-keys-file, or listen on 127.0.0.1");
    }
  }

  /** A server that can't listen on an address says so in a trace of calls, and goes on. */
  private static InetAddress address(String setting, String host) {
    if (host.isBlank()) {
      throw new IllegalArgumentException(setting + " is empty; set it to 127.0.0.1");
    }
    try {
      InetAddress address = InetAddress.getByName(host);
      new ServerSocket(0, 1, address).close();
      return address;
    } catch (IOException e) {
      // One that is unknown and one of another machine are told in the same words.
    }
    boolean url = host.contains("/") || host.matches("[^:]*:\\d+");
    throw new IllegalArgumentException(
        setting
            + " is not an address of this machine: "
            + host
            + (url ? "; it is a name or address alone, as 127.0.0.1" : ""));
  }

  private boolean servedByUs() {
    return INSTANCE.equals(RunningGateway.at(tls, host, Integer.parseInt(port)));
  }

  /** A machine that is busy may take longer for the first response than the call waits. */
  private boolean servedByUsAtLast() {
    for (int calls = 0; calls < MOST_CALLS; calls++) {
      if (servedByUs()) {
        return true;
      }
    }
    return false;
  }

  private void fault(String message) {
    if (exitOnFault) {
      System.err.println("Caravan did not start: " + message);
      Runtime.getRuntime().halt(1);
    }
    throw new IllegalStateException(message);
  }
}
