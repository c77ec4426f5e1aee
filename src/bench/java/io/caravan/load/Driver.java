package io.caravan.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Puts a {@link Target} under a {@link Workload} and measures it from its clients' side. */
final class Driver extends EventLoop {
  /**
   * The results of the measured time.
   *
   * @param events the number of tokens that came
   * @param requests the number of responses that ended, each complete and in order
   * @param delay the time of each token from its sending to its arrival, if tokens carry their time
   * @param firstToken the time from a request's sending to its first token
   * @param broken the faults, with the number of each
   */
  record Report(
      long events,
      long requests,
      Duration took,
      ProcessMeter.Use use,
      Samples delay,
      Samples firstToken,
      Map<String, Integer> broken) {

    double eventsPerSecond() {
      return events / (took.toNanos() / 1e9);
    }

    double requestsPerSecond() {
      return requests / (took.toNanos() / 1e9);
    }

    double microsPerEvent() {
      return use.cpuNanos() / 1e3 / events;
    }

    double microsPerRequest() {
      return use.cpuNanos() / 1e3 / requests;
    }
  }

  /** Inspects the target in the middle of the measurement. */
  interface Probe {
    void look() throws IOException, InterruptedException;
  }

  private static final Duration DRAIN_LIMIT = Duration.ofSeconds(60);

  private final Target target;
  private final Workload workload;
  private final byte[] request;
  private final Map<String, Integer> broken = new TreeMap<>();
  private final Samples delay = new Samples();
  private final Samples firstToken = new Samples();
  private final long startedAt = Tokens.now();
  private int opened;
  private final LongAdder events = new LongAdder();
  private final LongAdder requests = new LongAdder();
  private volatile boolean measuring;
  private volatile boolean draining;
  private final AtomicInteger busy = new AtomicInteger();

  private Driver(Target target, Workload workload) throws IOException {
    super("load-driver");
    this.target = target;
    this.workload = workload;
    this.request = workload.request(target);
  }

  static Report run(Target target, Workload workload) throws IOException, InterruptedException {
    return run(target, workload, () -> {});
  }

  /**
   * Runs a measurement.
   *
   * @param probe an action that runs once, after the measured time and with all streams running
   */
  static Report run(Target target, Workload workload, Probe probe)
      throws IOException, InterruptedException {
    try (Driver driver = new Driver(target, workload)) {
      driver.start();
      Thread.sleep(workload.warmUp().toMillis());
      long events = driver.events.sum();
      long requests = driver.requests.sum();
      ProcessMeter meter = new ProcessMeter(target.pid());
      long from = System.nanoTime();
      driver.measuring = true;
      Thread.sleep(workload.measured().toMillis());
      driver.measuring = false;
      ProcessMeter.Use use = meter.stop();
      Duration took = Duration.ofNanos(System.nanoTime() - from);
      events = driver.events.sum() - events;
      requests = driver.requests.sum() - requests;
      probe.look();
      driver.drain();
      return new Report(
          events, requests, took, use, driver.delay, driver.firstToken, driver.broken);
    }
  }

  /** Waits for the end of the streams under way; one that doesn't end counts as broken. */
  private void drain() throws InterruptedException {
    draining = true;
    selector.wakeup();
    long deadline = System.nanoTime() + DRAIN_LIMIT.toNanos();
    while (busy.get() > 0 && System.nanoTime() < deadline) {
      Thread.sleep(10);
    }
    close();
    if (busy.get() > 0) {
      broken.merge("did not end within " + DRAIN_LIMIT, busy.get(), Integer::sum);
    }
  }

  /**
   * Opens the connections over the first half of the warm-up, so that paced streams are not in
   * step.
   */
  @Override
  long runDue() {
    long spread = workload.warmUp().toNanos() / 2;
    while (opened < workload.connections() && !draining) {
      long wait = startedAt + spread * opened / workload.connections() - Tokens.now();
      if (wait > 0) {
        return wait;
      }
      opened++;
      new DriverConnection(this).open();
    }
    return Long.MAX_VALUE;
  }

  void connect(DriverConnection connection) throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.socket().setTcpNoDelay(true);
    connection.use(channel);
    boolean done =
        channel.connect(new InetSocketAddress(target.url().getHost(), target.url().getPort()));
    channel.register(selector, done ? SelectionKey.OP_WRITE : SelectionKey.OP_CONNECT, connection);
  }

  void requestSent() {
    busy.incrementAndGet();
  }

  void tokenCame(long number) {
    events.increment();
    if (measuring && Tokens.isTime(number)) {
      delay.add(Tokens.now() - number);
    }
  }

  void firstTokenCame(long sentAt) {
    if (measuring) {
      firstToken.add(Tokens.now() - sentAt);
    }
  }

  void answered() {
    requests.increment();
    busy.decrementAndGet();
  }

  void broke(String how) {
    busy.decrementAndGet();
    broken.merge(how, 1, Integer::sum);
  }

  boolean isDraining() {
    return draining;
  }

  byte[] request() {
    return request;
  }

  Workload workload() {
    return workload;
  }

  Target target() {
    return target;
  }
}
