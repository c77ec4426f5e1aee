package io.caravan.load;

import io.caravan.testkit.CaravanProcess;
import io.caravan.testkit.OneRun;
import io.caravan.testkit.Ports;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A server in a comparison, which is started for it and ended after it. */
final class Peer implements AutoCloseable {
  private static final String KEY = "bench-key";
  private static final String SCRIPT = Path.of("bin/caravan").toAbsolutePath().toString();
  private static final long START_LIMIT_SECONDS = 30;

  private final Target target;
  private final Runnable ending;

  private Peer(Target target, Runnable ending) {
    this.target = target;
    this.ending = ending;
  }

  Target target() {
    return target;
  }

  @Override
  public void close() {
    Freezer.thaw(target);
    ending.run();
  }

  /** Returns the upstream without a gateway, with which every delay is compared. */
  static Peer direct(FastUpstream upstream) {
    URI url = URI.create("http://127.0.0.1:" + upstream.port());
    return new Peer(openAi("direct", url, 0), () -> {});
  }

  /** Returns a server that runs already. */
  static Peer running(String name, String url, String model, String key, long pid) {
    URI uri = URI.create(url);
    return new Peer(new Target(name, uri, Target.Dialect.ANTHROPIC, model, key, pid), () -> {});
  }

  /** Starts nginx, which passes the upstream's bytes through: the floor for any proxy. */
  static Peer nginx(String command, FastUpstream upstream, Path work)
      throws IOException, InterruptedException {
    int port = Ports.free();
    Path config = Files.createDirectories(work).resolve("nginx.conf");
    Files.writeString(
        config,
        """
        daemon off;
        pid %1$s/nginx.pid;
        error_log %1$s/error.log;
        worker_processes auto;
        worker_rlimit_nofile 20000;
        events { worker_connections 8192; }
        http {
          access_log off;
          keepalive_requests 1000000;
          client_max_body_size 0;
          client_body_buffer_size 1m;
          client_body_temp_path %1$s/body;
          proxy_temp_path %1$s/proxy;
          fastcgi_temp_path %1$s/fastcgi;
          uwsgi_temp_path %1$s/uwsgi;
          scgi_temp_path %1$s/scgi;
          upstream model { server 127.0.0.1:%2$d; keepalive 64; keepalive_requests 1000000; }
          server {
            listen 127.0.0.1:%3$d backlog=4096;
            location / {
              proxy_pass http://model;
              proxy_http_version 1.1;
              proxy_set_header Connection "";
              proxy_buffering off;
              proxy_read_timeout 600s;
            }
          }
        }
        """
            .formatted(work.toAbsolutePath(), upstream.port(), port));
    Process process =
        start(
            work,
            Map.of(),
            List.of(command, "-e", "stderr", "-p", work.toString(), "-c", config.toString()));
    awaitPort(process, port, work);
    return new Peer(
        openAi("nginx", URI.create("http://127.0.0.1:" + port), process.pid()), ending(process));
  }

  /** Starts {@link BarePipe}: the floor for a proxy on the JVM. */
  static Peer barePipe(String java, FastUpstream upstream, Path work)
      throws IOException, InterruptedException {
    int port = Ports.free();
    Process process =
        start(
            Files.createDirectories(work),
            Map.of(),
            List.of(
                java,
                "-cp",
                absolute(System.getProperty("java.class.path")),
                BarePipe.class.getName(),
                String.valueOf(port),
                String.valueOf(upstream.port())));
    awaitPort(process, port, work);
    return new Peer(
        openAi("bare pipe", URI.create("http://127.0.0.1:" + port), process.pid()),
        ending(process));
  }

  /** Returns a class path for a process in another directory. */
  private static String absolute(String classPath) {
    return Stream.of(classPath.split(File.pathSeparator, -1))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Starts claude-code-router (npm), which translates as Caravan does. */
  static Peer claudeCodeRouter(Path command, FastUpstream upstream, Path work)
      throws IOException, InterruptedException {
    int port = Ports.free();
    Path home = Files.createDirectories(work.resolve(".claude-code-router"));
    Files.writeString(
        home.resolve("config.json"),
        """
        {"PORT": %d, "HOST": "127.0.0.1", "LOG": false, "NON_INTERACTIVE_MODE": true, "API_TIMEOUT_MS": 600000,
         "Providers": [{"name": "bench", "api_base_url": "%s/chat/completions", "api_key": "%s", "models": ["bench/model"]}],
         "Router": {"default": "bench,bench/model"}}
        """
            .formatted(port, upstream.url(), KEY));
    Process process =
        start(
            work,
            Map.of("HOME", work.toAbsolutePath().toString(), "NODE_ENV", "production"),
            List.of("node", command.toString(), "start"));
    awaitPort(process, port, work);
    return new Peer(
        new Target(
            "claude-code-router",
            URI.create("http://127.0.0.1:" + port),
            Target.Dialect.ANTHROPIC,
            "claude-sonnet-4-5",
            KEY,
            process.pid()),
        ending(process));
  }

  /** Starts Caravan on one Java. */
  static Peer caravan(
      String name,
      String java,
      List<String> jvmOptions,
      Path jar,
      FastUpstream upstream,
      Path work) {
    return caravan(name, CaravanProcess.start(java, jvmOptions, jar, work, settings(upstream)));
  }

  private static Map<String, String> settings(FastUpstream upstream) {
    return Map.of(
        "NIM_BASE_URL", upstream.url(),
        "NVIDIA_API_KEY", KEY,
        "NIM_RATE_LIMIT", "0",
        "NIM_MAX_CONCURRENCY", "0",
        "MODEL", "nim/bench/model");
  }

  private static Peer caravan(String name, CaravanProcess process) {
    return new Peer(
        new Target(
            name,
            URI.create(process.url()),
            Target.Dialect.ANTHROPIC,
            "claude-sonnet-4-5",
            KEY,
            process.pid()),
        process::close);
  }

  /**
   * Makes the class archive for {@code bin/caravan}.
   *
   * @return the settings to start with it
   */
  static Map<String, String> withArchive(
      String java, Path jar, FastUpstream upstream, Path directory)
      throws IOException, InterruptedException {
    Map<String, String> settings = new HashMap<>(settings(upstream));
    settings.put("JAVA_HOME", Path.of(java).toRealPath().resolve("../..").normalize().toString());
    settings.put("CARAVAN_JAR", jar.toAbsolutePath().toString());
    settings.put("CARAVAN_ARCHIVE", Files.createDirectories(directory).toAbsolutePath().toString());
    OneRun archive = OneRun.of(List.of(SCRIPT, "archive"), directory, settings);
    if (archive.exit() != 0) {
      throw new IOException(archive.output());
    }
    return settings;
  }

  /** Starts Caravan by {@code bin/caravan}. */
  static Peer byScript(String name, Path directory, Map<String, String> settings) {
    return caravan(name, CaravanProcess.start(List.of(SCRIPT), directory, settings));
  }

  private static Target openAi(String name, URI url, long pid) {
    return new Target(name, url, Target.Dialect.OPENAI, "bench/model", KEY, pid);
  }

  private static Process start(Path work, Map<String, String> environment, List<String> command)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(work.toFile())
            .redirectErrorStream(true)
            .redirectOutput(work.resolve("log").toFile());
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static Runnable ending(Process process) {
    return () -> {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
      try {
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    };
  }

  private static void awaitPort(Process process, int port, Path work)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_LIMIT_SECONDS);
    while (System.nanoTime() < deadline && process.isAlive()) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
        return;
      } catch (IOException e) {
        Thread.sleep(50);
      }
    }
    process.destroyForcibly();
    throw new IllegalStateException(
        work.getFileName() + " did not start:\n" + Files.readString(work.resolve("log")));
  }
}
