package io.caravan.attack;

import io.caravan.load.HeapMeter;
import io.caravan.testkit.CaravanProcess;
import io.caravan.testkit.ScriptedUpstream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** A gateway that was started by {@code bin/caravan}, with a scripted upstream behind it. */
final class Lab implements AutoCloseable {
  static final String UPSTREAM_KEY = "nvapi-Canary0123456789abcdefghijKLMNOPqrst";
  private static final Path SCRIPT = Path.of("bin/caravan").toAbsolutePath();
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int RAW_MILLIS = 5000;

  private final String java;
  private final Duration time;
  private final ScriptedUpstream upstream;
  private final CaravanProcess caravan;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private Lab(String java, Duration time, ScriptedUpstream upstream, CaravanProcess caravan) {
    this.java = java;
    this.time = time;
    this.upstream = upstream;
    this.caravan = caravan;
  }

  /**
   * Starts a gateway.
   *
   * @param time the time over which good requests come
   * @param more settings beside those of all labs
   */
  static Lab start(String java, Path jar, Path work, Duration time, Map<String, String> more)
      throws IOException {
    Path directory = Files.createTempDirectory(work.toAbsolutePath(), "run-");
    Path keys = directory.resolve("keys");
    Files.writeString(keys, Keys.file());
    Map<String, String> settings = new HashMap<>(command(java, jar));
    ScriptedUpstream upstream = ScriptedUpstream.start().recordNothing();
    upstream.answer(Upstream::answer).answerElse(Upstream::answerElse);
    settings.put("NIM_BASE_URL", upstream.url());
    settings.put("NVIDIA_API_KEY", UPSTREAM_KEY);
    settings.put("NIM_RATE_LIMIT", "0");
    settings.put("ANTHROPIC_UPSTREAM_URL", upstream.url());
    settings.put("ANTHROPIC_UPSTREAM_KEY", UPSTREAM_KEY);
    settings.put("MODEL", "nim/a/model");
    settings.put("MODEL_HAIKU", "nim/small/model");
    settings.put("CARAVAN_CLIENT_KEYS_FILE", keys.toString());
    // The upstream's faults are the attack's; they must not keep the next one away.
    settings.put("CARAVAN_RETRY_ATTEMPTS", "1");
    settings.put("CARAVAN_COOLDOWN_FAILURES", "1000000");
    settings.put("CARAVAN_CIRCUIT_FAILURE_PERCENT", "100");
    settings.putAll(more);
    return new Lab(
        java,
        time,
        upstream,
        CaravanProcess.start(List.of(SCRIPT.toString()), directory, settings));
  }

  /** Returns the settings of the start script. */
  static Map<String, String> command(String java, Path jar) throws IOException {
    return Map.of(
        "JAVA_HOME",
        Path.of(java).toRealPath().resolve("../..").normalize().toString(),
        "CARAVAN_JAR",
        jar.toAbsolutePath().toString(),
        "CARAVAN_ARCHIVE",
        "off");
  }

  static Path script() {
    return SCRIPT;
  }

  CaravanProcess caravan() {
    return caravan;
  }

  HttpClient http() {
    return http;
  }

  int port() {
    return URI.create(caravan.url()).getPort();
  }

  /** Returns a request for a message. */
  HttpRequest.Builder message(Keys key, String body) {
    return HttpRequest.newBuilder(URI.create(caravan.url() + "/v1/messages"))
        .timeout(PATIENCE)
        .header("content-type", "application/json")
        .header("x-api-key", key.text())
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** Returns the body of a request for a message. */
  static String body(String model, String text, int maxTokens, boolean stream) {
    return "{\"model\":\"%s\",\"max_tokens\":%d,\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
        .formatted(model, maxTokens, stream, text);
  }

  /** Sends good requests over the time of the lab; returns how many were served. */
  int served(int requests) throws InterruptedException {
    int served = 0;
    for (int i = 0; i < requests; i++) {
      long begun = System.nanoTime();
      served += isServed() ? 1 : 0;
      long left = time.toNanos() / requests - (System.nanoTime() - begun);
      Thread.sleep(Math.max(0, left / 1_000_000));
    }
    return served;
  }

  /** Returns whether a good request gets its message. */
  boolean isServed() throws InterruptedException {
    try {
      HttpResponse<String> response =
          send(message(Keys.GOOD, body("claude-sonnet", "Hi", 9, false)));
      return response.statusCode() == 200 && response.body().contains(Upstream.WORDS);
    } catch (IOException e) {
      return false;
    }
  }

  /** Returns whether health answers within two seconds. */
  boolean isHealthy() throws InterruptedException {
    try {
      return send(HttpRequest.newBuilder(
                      URI.create(
                          "http://127.0.0.1:" + caravan.managementPort() + "/observe/health/live"))
                  .timeout(Duration.ofSeconds(2)))
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** Sends bytes to a port; returns all that comes until the end, or for some seconds. */
  String raw(int port, String text) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(RAW_MILLIS);
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      StringBuilder read = new StringBuilder();
      InputStream in = socket.getInputStream();
      byte[] buffer = new byte[8192];
      try {
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          read.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
        }
      } catch (SocketTimeoutException e) {
        read.append("(and stays open)");
      }
      return read.toString();
    }
  }

  /** Returns the gateway's log so far. */
  String log() throws IOException {
    return Files.readString(caravan.log());
  }

  /** Returns the live megabytes of the gateway's heap; negative if they can't be counted. */
  long heap() throws IOException, InterruptedException {
    long bytes = HeapMeter.liveBytes(java, caravan.pid());
    return bytes < 0 ? bytes : bytes / 1_000_000;
  }

  @Override
  public void close() {
    caravan.close();
    upstream.close();
  }

  /** The clients' keys. */
  enum Keys {
    GOOD(""),
    HAIKU("models=claude-haiku*"),
    SPENDER("daily-tokens=1000"),
    LEAVER("daily-tokens=1000"),
    COUNTER("rpm=3"),
    MALLORY("");

    private final String limits;

    Keys(String limits) {
      this.limits = limits;
    }

    String text() {
      return "a-key-of-" + name();
    }

    static String file() {
      StringBuilder lines = new StringBuilder();
      for (Keys key : values()) {
        lines.append("sha256:").append(sha256(key.text()));
        lines.append(" name=").append(key).append(' ').append(key.limits).append('\n');
      }
      return lines.toString();
    }

    private static String sha256(String text) {
      try {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
