package io.caravan.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.caravan.fetch.FetchException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.apache.hc.client5.http.DnsResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A server on the loopback address stands for both: as {@code page.test} for a page that may be
 * fetched, and by any other name for what is inside.
 */
class GuardedFetchIT {
  private static final FetchLimits LIMITS =
      new FetchLimits(1000, Duration.ofSeconds(5), List.of("text/*", "image/png"));

  /** Ways to write or to reach an address inside; PORT is that of the server. */
  private static final List<String> INSIDE =
      List.of(
          "http://127.0.0.1:PORT/",
          "http://127.0.0.2:PORT/",
          "http://127.1:PORT/",
          "http://2130706433:PORT/",
          "http://0x7f000001:PORT/",
          "http://0x7f.1:PORT/",
          "http://0177.0.0.1:PORT/",
          "http://017700000001:PORT/",
          "http://127.0.0.1.:PORT/",
          "http://0:PORT/",
          "http://0.0.0.0:PORT/",
          "http://localhost:PORT/",
          "http://LOCALHOST:PORT/",
          "http://localhost.:PORT/",
          "http://inside.test:PORT/",
          "http://mixed.test:PORT/",
          "http://rebinding.test:PORT/",
          "http://[::1]:PORT/",
          "http://[::]:PORT/",
          "http://[0:0:0:0:0:0:0:1]:PORT/",
          "http://[::ffff:127.0.0.1]:PORT/",
          "http://[::ffff:7f00:1]:PORT/",
          "http://[::127.0.0.1]:PORT/",
          "http://[64:ff9b::7f00:1]:PORT/",
          "http://[64:ff9b:1::7f00:1]:PORT/",
          "http://[2002:7f00:1::]:PORT/",
          "http://[fe80::1%25lo]:PORT/",
          "http://[fc00::1]:PORT/",
          "http://[fd00:ec2::254]/latest/meta-data/",
          "http://169.254.169.254/latest/meta-data/",
          "http://metadata.test/computeMetadata/v1/",
          "http://10.0.0.1/",
          "http://172.16.0.1/",
          "http://192.168.0.1/",
          "http://100.64.0.1/",
          "http://100.100.100.200/latest/meta-data/",
          "http://168.63.129.16/machine",
          "http://224.0.0.1/",
          "http://255.255.255.255/",
          "http://user@127.0.0.1:PORT/",
          "http://page.test@127.0.0.1:PORT/",
          "http://127.0.0.1:PORT\\@page.test/",
          "http://page.test:22/",
          "http://page.test:25/",
          "http://ⓛocalhost:PORT/",
          "http://127。0。0。1:PORT/",
          "https://127.0.0.1:PORT/",
          "ftp://127.0.0.1:PORT/",
          "file:///etc/passwd",
          "jar:http://127.0.0.1:PORT/!/a",
          "gopher://127.0.0.1:PORT/_x",
          "//127.0.0.1:PORT/",
          "http:///etc/passwd",
          "data:text/plain,inside",
          // The same address in further forms.
          "http://[0:0:0:0:0:ffff:7f00:1]:PORT/",
          "http://[::ffff:0:7f00:1]:PORT/",
          "http://[64:ff9b:1:fffe::7f00:1]:PORT/",
          "http://[2001:0:7f00:1::1]:PORT/",
          "http://[2001:0:4136:e378:8000:63bf:80ff:fffe]:PORT/",
          "http://[2002:a9fe:a9fe::]/latest/meta-data/",
          "http://[::ffff:a9fe:a9fe]/latest/meta-data/",
          "http://0x7f.0x0.0x0.0x1:PORT/",
          "http://0177.0x0.0.1:PORT/",
          "http://127.0.1:PORT/",
          "http://127.0.0.01:PORT/",
          "http://4294967296:PORT/",
          "http://00000000000000000000000000000017700000001:PORT/",
          "http://①②⑦.⓪.⓪.①:PORT/",
          "http://127．0．0．1:PORT/",
          "http://ｌｏｃａｌｈｏｓｔ:PORT/",
          "http://localhost。:PORT/",
          "http://local\u00adhost:PORT/",
          "http://%6c%6f%63alhost:PORT/",
          "http://127.0.0.1%00.page.test:PORT/",
          "http://page.test%2f@127.0.0.1:PORT/",
          "http://page.test:80@127.0.0.1:PORT/",
          "http://127.0.0.1:PORT#@page.test/",
          "http://127.0.0.1:PORT?@page.test/",
          "http://127.0.0.1:PORT/@page.test/",
          "http://[::1%25lo]:PORT/",
          // The rest of what is not public.
          "http://0.1.2.3:PORT/",
          "http://100.127.255.254/",
          "http://198.18.0.1/",
          "http://198.19.255.254/",
          "http://192.0.0.192/opc/v2/",
          "http://239.255.255.250/",
          "http://[ff02::1]:PORT/",
          "http://[fd12:3456:789a::1]:PORT/",
          "http://[fec0::1]:PORT/",
          "http://metadata.google.internal/computeMetadata/v1/",
          "http://METADATA.google.internal./computeMetadata/v1/",
          "http://instance-data.ec2.internal/latest/meta-data/",
          "http://metadata.oraclecloud.com/",
          "http://kubernetes.default.svc/api",
          "http://six.test:PORT/",
          "http://page.test:6379@127.0.0.1:PORT/",
          "http://page.test:0/",
          "http://page.test:23/",
          "http://page.test:65536/",
          "http://page.test:99999/");

  private final AtomicInteger reached = new AtomicInteger();
  private final Map<String, AtomicInteger> lookups = new ConcurrentHashMap<>();
  private final CountDownLatch testEnds = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final GuardedFetch fetch = new GuardedFetch();
  private HttpServer server;
  private int port;
  private volatile String location;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    port = server.getAddress().getPort();
    server.createContext("/", this::answer);
    server.start();
    fetch.setPrivateHosts("page.test");
    fetch.setNames(
        new DnsResolver() {
          @Override
          public InetAddress[] resolve(String host) throws UnknownHostException {
            return addresses(host);
          }

          @Override
          public String resolveCanonicalHostname(String host) {
            return host;
          }
        });
  }

  @AfterEach
  void stop() throws IOException {
    testEnds.countDown();
    fetch.close();
    server.stop(0);
    threads.shutdownNow();
  }

  private InetAddress[] addresses(String host) throws UnknownHostException {
    int count = lookups.computeIfAbsent(host, name -> new AtomicInteger()).incrementAndGet();
    InetAddress loopback = InetAddress.getLoopbackAddress();
    InetAddress outside = InetAddress.getByName("93.184.216.34");
    return switch (host) {
      case "page.test" -> new InetAddress[] {count == 1 ? loopback : outside};
      case "inside.test" -> new InetAddress[] {loopback};
      case "mixed.test" -> new InetAddress[] {outside, loopback};
      case "rebinding.test" -> new InetAddress[] {loopback, outside};
      case "metadata.test", "metadata.google.internal", "instance-data.ec2.internal" ->
          new InetAddress[] {InetAddress.getByName("169.254.169.254")};
      case "metadata.oraclecloud.com" -> new InetAddress[] {InetAddress.getByName("192.0.0.192")};
      case "kubernetes.default.svc" -> new InetAddress[] {InetAddress.getByName("10.96.0.1")};
      // A name server may give an IPv4 address inside an IPv6 one.
      case "six.test" -> new InetAddress[] {InetAddress.getByName("64:ff9b::7f00:1")};
      default -> {
        if (host.endsWith(".test")) {
          throw new UnknownHostException(host);
        }
        yield InetAddress.getAllByName(host);
      }
    };
  }

  private void answer(HttpExchange exchange) throws IOException {
    String host = exchange.getRequestHeaders().getFirst("Host");
    if (!host.startsWith("page.test")) {
      reached.incrementAndGet();
    }
    switch (exchange.getRequestURI().getPath()) {
      case "/redirect" -> redirect(exchange, location);
      case "/endless" -> redirect(exchange, "/endless");
      case "/silent" -> silent();
      case "/error" -> send(exchange, 404, "text/plain", "no".getBytes(UTF_8));
      case "/busy" -> send(exchange, 429, "text/plain", "no".getBytes(UTF_8));
      case "/zip" -> send(exchange, 200, "application/zip", "PK".getBytes(UTF_8));
      case "/large" -> send(exchange, 200, "text/plain", new byte[1001]);
      case "/bomb" -> {
        exchange.getResponseHeaders().set("Content-Encoding", "gzip");
        send(exchange, 200, "text/plain", gzip(new byte[10_000_000]));
      }
      default -> send(exchange, 200, "text/HTML; charset=\"utf-8\"", "content".getBytes(UTF_8));
    }
    exchange.close();
  }

  private void silent() {
    try {
      testEnds.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void redirect(HttpExchange exchange, String location) throws IOException {
    exchange.getResponseHeaders().set("Location", location);
    exchange.sendResponseHeaders(302, -1);
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(plain);
    }
    return out.toByteArray();
  }

  private URI page(String path) {
    return URI.create("http://page.test:" + port + path);
  }

  private FetchException refused(URI uri) {
    FetchException refused =
        catchThrowableOfType(FetchException.class, () -> fetch.get(uri, LIMITS));
    assertThat(refused).as("%s", uri).isNotNull();
    return refused;
  }

  private static List<String> inside() {
    return INSIDE;
  }

  @ParameterizedTest
  @MethodSource("inside")
  void reachesNothingInside(String url) {
    String target = url.replace("PORT", String.valueOf(port));
    URI uri;
    try {
      uri = URI.create(target);
    } catch (IllegalArgumentException e) {
      assertThat(target).contains("\\");
      return;
    }

    assertThat(refused(uri).reason()).isIn(Reason.NOT_ALLOWED, Reason.INVALID_URL);
    assertThat(reached).hasValue(0);
  }

  @ParameterizedTest
  @MethodSource("inside")
  void followsNoRedirectInside(String url) {
    location = url.replace("PORT", String.valueOf(port));

    // What can't be parsed is no URL; a location without a scheme is one of the page's host.
    assertThat(refused(page("/redirect")).reason())
        .isIn(Reason.NOT_ALLOWED, Reason.INVALID_URL, Reason.NOT_ACCESSIBLE);
    assertThat(reached).hasValue(0);
  }

  @Test
  void connectsToTheAddressThatWasChecked() throws FetchException {
    Fetched fetched = fetch.get(page("/page?q=1#top"), LIMITS);

    assertThat(new String(fetched.bytes(), UTF_8)).isEqualTo("content");
    assertThat(fetched.mediaType()).isEqualTo("text/html");
    assertThat(fetched.charset()).isEqualTo("UTF-8");
    assertThat(fetched.uri()).hasToString("http://page.test:" + port + "/page?q=1");
    // A second look-up would have found the other address.
    assertThat(lookups.get("page.test")).hasValue(1);
  }

  @Test
  void leavesOutTheAddressInItsMessage() {
    assertThat(refused(URI.create("http://inside.test:" + port)))
        .hasMessage("inside.test is not on the public internet");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/endless NOT_ACCESSIBLE",
        "/error NOT_ACCESSIBLE",
        "/busy TOO_MANY_REQUESTS",
        "/zip UNSUPPORTED_TYPE",
        "/large TOO_LARGE",
        "/bomb TOO_LARGE"
      })
  void endsAtItsLimits(String pathAndReason) {
    String[] words = pathAndReason.split(" ", -1);
    fetch.setPrivateHosts("127.0.0.1:" + port);

    assertThat(refused(URI.create("http://127.0.0.1:" + port + words[0])).reason())
        .isEqualTo(Reason.valueOf(words[1]));
  }

  @Test
  void doesNotWaitForASilentServer() {
    FetchLimits shortTime = new FetchLimits(1000, Duration.ofMillis(200), List.of("text/*"));

    FetchException late =
        catchThrowableOfType(FetchException.class, () -> fetch.get(page("/silent"), shortTime));

    assertThat(late.reason()).isEqualTo(Reason.TIMEOUT);
  }

  @Test
  void fetchesOnlyListedHostsIfThereIsAList() {
    fetch.setAllowedHosts("*.example.com, docs.test");

    assertThat(refused(URI.create("http://evil.test/")).reason()).isEqualTo(Reason.NOT_ALLOWED);
    assertThat(refused(URI.create("http://example.com.evil.test/")).reason())
        .isEqualTo(Reason.NOT_ALLOWED);
    assertThat(lookups).isEmpty();
  }

  @Test
  void fetchesThroughAProxyOnlyWhatIsListed() throws FetchException {
    fetch.setPrivateHosts("");
    fetch.setProxy("http://127.0.0.1:" + port);
    for (String url : List.of("http://docs.test/", "http://93.184.216.34/", "http://localhost/")) {
      assertThat(refused(URI.create(url)).reason()).isEqualTo(Reason.NOT_ALLOWED);
    }
    assertThat(reached).hasValue(0);

    fetch.setAllowedHosts("docs.test");
    Fetched fetched = fetch.get(URI.create("http://docs.test/"), LIMITS);

    assertThat(new String(fetched.bytes(), UTF_8)).isEqualTo("content");
    assertThat(lookups).isEmpty();
  }

  @Test
  void readsAHostListAsItIsWritten() {
    HostList list = HostList.of(" Example.com, *.docs.test ,wiki.test:8080,, ");

    assertThat(Arrays.asList("example.com", "a.docs.test"))
        .allMatch(host -> list.contains(host, 80));
    assertThat(list.contains("wiki.test", 8080)).isTrue();
    assertThat(list.contains("wiki.test", 80)).isFalse();
    assertThat(list.contains("docs.test", 80)).isFalse();
    assertThat(list.contains("sub.example.com", 80)).isFalse();
  }
}
