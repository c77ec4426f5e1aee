package io.caravan.app;

import io.caravan.http.RunningGateway;
import io.caravan.limits.client.ClientKeys;
import io.caravan.limits.client.ClientLimits;
import io.caravan.models.ModelDirectory;
import io.caravan.tokens.JtokkitTokenCounter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.StartupListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the settings before the routes start, and says when requests are served. It is a bean in
 * YAML and not part of {@code main}, so that the Camel CLI, Quarkus and Camel K have it too. A
 * fault ends the start with one clear line.
 */
public final class Start implements CamelContextAware, StartupListener {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan");
  private static final long POLL_NANOS = 50_000_000;

  /**
   * Tells this process apart from another that holds the port: Camel only warns when a port is
   * taken.
   */
  static final String INSTANCE = UUID.randomUUID().toString();

  private CamelContext camelContext;
  private String host = "127.0.0.1";
  private String port = "8085";
  private String managementHost = "127.0.0.1";
  private String managementPort = "0";
  private ClientKeys keys = new ClientKeys();
  private ClientLimits limits = new ClientLimits();
  private boolean exitOnFault = true;
  private boolean serving = true;
  private boolean tls;

  @Override
  public void setCamelContext(CamelContext camelContext) {
    this.camelContext = camelContext;
  }

  @Override
  public CamelContext getCamelContext() {
    return camelContext;
  }

  /** The address that is listened on. */
  public void setHost(String host) {
    this.host = host;
  }

  /** The port that is listened on; 0 lets the system choose. */
  public void setPort(String port) {
    this.port = port;
  }

  /** Whether the port speaks TLS. */
  public void setTls(boolean tls) {
    this.tls = tls;
  }

  /** The address that health and metrics are listened for on. */
  public void setManagementHost(String managementHost) {
    this.managementHost = managementHost;
  }

  /** The port of health and metrics; 0 lets the system choose. */
  public void setManagementPort(String managementPort) {
    this.managementPort = managementPort;
  }

  /** The client keys: without any, only this machine may reach it. */
  public void setKeys(ClientKeys keys) {
    this.keys = keys;
  }

  /** What keeps the clients' daily usage, if a key has a budget. */
  public void setLimits(ClientLimits limits) {
    this.limits = limits;
  }

  /** Whether a fault ends the process (default) or only the start. */
  public void setExitOnFault(boolean exitOnFault) {
    this.exitOnFault = exitOnFault;
  }

  /** Whether requests are to be served (default), or the configuration is only looked at. */
  public void setServing(boolean serving) {
    this.serving = serving;
  }

  /** Called once the bean is configured. */
  public void check() throws Exception {
    try {
      checkNumber("CARAVAN_PORT", port);
      checkNumber("CARAVAN_MANAGEMENT_PORT", managementPort);
      checkHost();
      if (serving && !ServerPages.serverRuns(camelContext)) {
        Ports.checkFree(host, Integer.parseInt(port), "CARAVAN_PORT");
        Ports.checkFree(
            managementHost, Integer.parseInt(managementPort), "CARAVAN_MANAGEMENT_PORT");
      }
    } catch (IllegalArgumentException e) {
      fault(e.getMessage());
    }
    Health.install(camelContext);
    camelContext.addStartupListener(this);
  }

  @Override
  public void onCamelContextStarted(CamelContext context, boolean alreadyStarted) {
    // Readiness is told once the context has started fully.
  }

  @Override
  public void onCamelContextFullyStarted(CamelContext context, boolean alreadyStarted) {
    // The YAML DSL creates each bean twice, once while it looks ahead: only the one in force
    // speaks.
    if (context.getRegistry().findSingleByType(Start.class) != this) {
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
    inBackground(() -> warmUp(context), "caravan-warm-up");
    if (!ServerPages.serverIsCamels(context)) {
      // Quarkus opens its port once Camel has started, and fails by itself where it is taken.
      onceServed(context);
      return;
    }
    if (!port.equals("0") && !servedByUs()) {
      fault(
          "port "
              + port
              + " of "
              + host
              + " is in use by another program; set CARAVAN_PORT to a free one");
    }
    ready(context);
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

  /** A request that comes meanwhile is counted all the same, only not as fast. */
  private static void warmUp(CamelContext context) {
    context
        .getRegistry()
        .findByType(JtokkitTokenCounter.class)
        .forEach(JtokkitTokenCounter::warmUp);
  }

  private static void inBackground(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void ready(CamelContext context) {
    Health.ready(context);
    announce();
  }

  private ModelDirectory models() {
    return camelContext.getRegistry().findSingleByType(ModelDirectory.class);
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
    if (keys.isConfigured()) {
      LOG.info("{} client keys", keys.getCount());
    }
    LOG.info("Caravan is ready on {}", ServerUrl.of(tls, host, port));
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
      throw new IllegalArgumentException(setting + " is not a port: " + port);
    }
  }

  private void checkHost() {
    InetAddress address;
    try {
      address = InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(
          "CARAVAN_HOST is not an address of this machine: " + host, e);
    }
    if (!address.isLoopbackAddress() && !keys.isConfigured()) {
      throw new IllegalArgumentException(
          "CARAVAN_HOST is "
              + host
              + ", which others can reach: set CARAVAN_API_KEYS to the keys that"
              + " clients may use, or caravan.client-keys-file, or listen on 127.0.0.1");
    }
  }

  private boolean servedByUs() {
    return INSTANCE.equals(RunningGateway.at(tls, host, Integer.parseInt(port)));
  }

  private void fault(String message) {
    if (exitOnFault) {
      System.err.println("Caravan did not start: " + message);
      Runtime.getRuntime().halt(1);
    }
    throw new IllegalStateException(message);
  }
}
