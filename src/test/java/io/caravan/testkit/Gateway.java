package io.caravan.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.CaravanTestAccess;
import io.caravan.http.UpstreamHttp;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.main.Main;

/** Caravan inside the test's process, on ports that the system chooses. */
public final class Gateway implements AutoCloseable {
  private final Main main;
  private final HttpClient http = HttpClient.newHttpClient();
  private final int port;

  private Gateway(Path directory, RoutesBuilder own, Map<String, String> settings)
      throws Exception {
    Properties overrides = new Properties();
    overrides.put("camel.server.port", "0");
    overrides.put("camel.management.port", "0");
    overrides.put("caravan.port", "0");
    overrides.put("caravan.management-port", "0");
    overrides.put("caravan.exit-on-fault", "false");
    // A scripted upstream gets the test's requests only.
    overrides.put("caravan.models.list", "false");
    overrides.putAll(settings);
    main = CaravanTestAccess.reloadable(directory);
    main.setOverrideProperties(overrides);
    if (own != null) {
      main.configure().addRoutesBuilder(own);
    }
    main.start();
    port = actualPort();
  }

  /** Starts with the project's own routes; the provider {@code nim} is the given upstream. */
  public static Gateway before(ScriptedUpstream upstream, String... settings) throws Exception {
    return before(upstream, null, settings);
  }

  /** The same with routes of one's own, which settings may name. */
  public static Gateway before(ScriptedUpstream upstream, RoutesBuilder own, String... settings)
      throws Exception {
    Map<String, String> all = new HashMap<>();
    all.put("caravan.nim.base-url", upstream.url());
    // The built-in chain would answer a failed call by its next model.
    all.put("caravan.model.built-in", "nim/z-ai/glm-5.3");
    put(settings, all);
    return new Gateway(Path.of(""), own, all);
  }

  private static void put(String[] settings, Map<String, String> all) {
    for (int i = 0; i < settings.length; i += 2) {
      all.put(settings[i], settings[i + 1]);
    }
  }

  /**
   * Starts in a directory with its own {@code routes/} and Kamelets; the provider {@code nim} is
   * the given upstream, and the default model one of it.
   */
  public static Gateway in(Path directory, ScriptedUpstream upstream, String... settings)
      throws Exception {
    Map<String, String> all = new HashMap<>();
    all.put("caravan.nim.base-url", upstream.url());
    all.put("caravan.model.default", "nim/test/model");
    all.put("camel.component.kamelet.location", "file:" + directory.resolve("routes/kamelets"));
    put(settings, all);
    return new Gateway(directory, null, all);
  }

  /** Starts in a directory with its own {@code routes/}. */
  public static Gateway in(Path directory, Map<String, String> settings) throws Exception {
    return new Gateway(directory, null, settings);
  }

  private int actualPort() {
    return context().getRegistry().findByType(VertxPlatformHttpRouter.class).stream()
        .filter(VertxPlatformHttpRouter::isMainServer)
        .findFirst()
        .orElseThrow()
        .getServer()
        .getServer()
        .actualPort();
  }

  public CamelContext context() {
    return main.getCamelContext();
  }

  public int port() {
    return port;
  }

  public String url() {
    return "http://127.0.0.1:" + port;
  }

  /** Posts JSON and waits for the whole response. */
  public HttpResponse<String> post(String path, String json, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url() + path))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** Sends a request without a body. */
  public HttpResponse<String> send(String method, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url() + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  /**
   * Waits until no request holds anything: no connection to an upstream, no timer, no count of
   * requests under way.
   *
   * @throws org.awaitility.core.ConditionTimeoutException if anything is left
   */
  public void awaitNothingOpen() {
    UpstreamHttp upstreams = context().getRegistry().findSingleByType(UpstreamHttp.class);
    MeterRegistry meters = context().getRegistry().findSingleByType(MeterRegistry.class);
    await().untilAsserted(() -> assertThat(upstreams.poolStats().getLeased()).isZero());
    await().untilAsserted(() -> assertThat(upstreams.deadlines().size()).isZero());
    await()
        .untilAsserted(
            () -> assertThat(meters.get("caravan_active_requests").gauge().value()).isZero());
  }

  @Override
  public void close() {
    main.stop();
  }
}
