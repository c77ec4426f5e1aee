package io.caravan.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.hc.client5.http.DnsResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests calls that are aborted while they connect. */
@Timeout(60)
class UpstreamCallIT {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Timeouts TIMEOUTS = new Timeouts(LONG, LONG, LONG, LONG);

  private final UpstreamHttp http = new UpstreamHttp();
  private final List<AutoCloseable> open = new ArrayList<>(List.of(http));

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  @Test
  void endsWhileItConnects() throws Exception {
    http.setConnectTimeoutMillis((int) LONG.toMillis());
    UpstreamCall call = http.get("http://127.0.0.1:" + deafPort() + "/", Map.of(), TIMEOUTS);
    Thread[] thread = new Thread[1];
    CompletableFuture<UpstreamIoException> outcome = open(call, thread);
    awaitIn(thread, "connect");

    call.abort(AbortReason.CLIENT_GONE);

    assertThat(outcome).succeedsWithin(Duration.ofSeconds(10));
    assertThat(outcome.join().reason()).isEqualTo(AbortReason.CLIENT_GONE);
    assertThat(http.poolStats().getLeased()).isZero();
  }

  @Test
  void endsInTheTlsHandshake() throws Exception {
    http.setConnectTimeoutMillis((int) LONG.toMillis());
    ServerSocket silent = keep(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    UpstreamCall call =
        http.get("https://127.0.0.1:" + silent.getLocalPort() + "/", Map.of(), TIMEOUTS);
    CompletableFuture<UpstreamIoException> outcome = open(call, new Thread[1]);
    Socket accepted = keep(silent.accept());
    assertThat(accepted.getInputStream().read()).as("a ClientHello begins").isEqualTo(0x16);

    call.abort(AbortReason.CLIENT_GONE);

    assertThat(outcome).succeedsWithin(Duration.ofSeconds(10));
    assertThat(outcome.join().reason()).isEqualTo(AbortReason.CLIENT_GONE);
  }

  @Test
  void isNotConnectedToTheHostsNextAddress() throws Exception {
    http.setConnectTimeoutMillis((int) LONG.toMillis());
    int port = deafPort();
    ServerSocket next = keep(new ServerSocket(port, 50, loopback(2)));
    http.setDnsResolver(addresses(loopback(1), loopback(2)));
    UpstreamCall call = http.get("http://upstream.test:" + port + "/", Map.of(), TIMEOUTS);
    Thread[] thread = new Thread[1];
    CompletableFuture<UpstreamIoException> outcome = open(call, thread);
    awaitIn(thread, "connect");

    call.abort(AbortReason.CLIENT_GONE);

    assertThat(outcome).succeedsWithin(Duration.ofSeconds(10));
    next.setSoTimeout(1);
    assertThat(catchThrowableOfType(java.net.SocketTimeoutException.class, next::accept))
        .as("no connection came")
        .isNotNull();
  }

  @Test
  void isNotOpenedOnceItWasAborted() throws Exception {
    ServerSocket server = keep(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    UpstreamCall call =
        http.get("http://127.0.0.1:" + server.getLocalPort() + "/", Map.of(), TIMEOUTS);

    call.abort(AbortReason.CLIENT_GONE);

    UpstreamIoException fault = catchThrowableOfType(UpstreamIoException.class, call::open);
    assertThat(fault.reason()).isEqualTo(AbortReason.CLIENT_GONE);
    assertThat(fault.answered()).isFalse();
  }

  /** Returns a port with a full queue of connections: the next waits for an answer to its SYN. */
  private int deafPort() throws Exception {
    ServerSocket deaf = keep(new ServerSocket(0, 1, loopback(1)));
    boolean full = false;
    while (!full) {
      Socket socket = keep(new Socket());
      try {
        socket.connect(deaf.getLocalSocketAddress(), 300);
      } catch (java.net.SocketTimeoutException e) {
        full = true;
      }
    }
    return deaf.getLocalPort();
  }

  private static CompletableFuture<UpstreamIoException> open(UpstreamCall call, Thread[] thread) {
    CompletableFuture<UpstreamIoException> outcome = new CompletableFuture<>();
    thread[0] =
        new Thread(
            () -> outcome.complete(catchThrowableOfType(UpstreamIoException.class, call::open)));
    thread[0].start();
    return outcome;
  }

  private static void awaitIn(Thread[] thread, String method) {
    await()
        .until(
            () ->
                Arrays.stream(thread[0].getStackTrace())
                    .anyMatch(
                        frame ->
                            frame.getMethodName().equals(method)
                                && frame.getClassName().startsWith("sun.nio.ch.")));
  }

  private static InetAddress loopback(int last) throws UnknownHostException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
  }

  private static DnsResolver addresses(InetAddress... resolved) {
    return new DnsResolver() {
      @Override
      public InetAddress[] resolve(String host) {
        return resolved.clone();
      }

      @Override
      public String resolveCanonicalHostname(String host) {
        return host;
      }
    };
  }

  private <T extends AutoCloseable> T keep(T one) {
    open.add(one);
    return one;
  }
}
