package io.caravan.runtimes;

import io.caravan.testkit.Arguments;
import io.caravan.testkit.CaravanProcess;
import io.caravan.testkit.Chunks;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Two replicas behind nginx, many streams through both, and one replica killed in the middle: what
 * the clients of each see. {@code bench/replicas.sh} tells how to call it.
 */
public final class Replicas {
  private static final PrintStream OUT = System.out;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI url;

  private Replicas(int port) {
    this.url = URI.create("http://127.0.0.1:" + port + "/v1/messages");
  }

  public static void main(String[] args) throws Exception {
    Arguments arguments = Arguments.parse(args, Set.of(), Set.of("jar", "nginx", "streams"));
    Path work = Files.createDirectories(Path.of("target/replicas")).toAbsolutePath();
    Path jar = Path.of(arguments.get("jar", "target/caravan.jar"));
    boolean sound;
    try (ScriptedUpstream upstream = ScriptedUpstream.start().recordNothing();
        CaravanProcess first = replica(jar, work.resolve("first"), upstream);
        CaravanProcess second = replica(jar, work.resolve("second"), upstream)) {
      int port = freePort();
      Process nginx = nginx(arguments.get("nginx", "nginx"), work, port, first, second);
      try {
        sound = new Replicas(port).run(arguments.get("streams", 200), upstream, first);
      } finally {
        nginx.destroy();
        nginx.waitFor();
      }
    }
    System.exit(sound ? 0 : 1);
  }

  private boolean run(int streams, ScriptedUpstream upstream, CaravanProcess victim)
      throws Exception {
    CompletableFuture<Void> go = new CompletableFuture<>();
    CompletableFuture<Void> allOpen = new CompletableFuture<>();
    AtomicInteger open = new AtomicInteger();
    upstream.answer(
        request -> {
          if (open.incrementAndGet() == streams) {
            allOpen.complete(null);
          }
          return Script.stream(Chunks.role(), Chunks.text("begin"))
              .await(go)
              .write(Chunks.text("end") + Chunks.finish("stop") + Chunks.DONE);
        });
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < streams; i++) {
      answers.add(http.sendAsync(request(), HttpResponse.BodyHandlers.ofString()));
    }
    allOpen.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    ProcessHandle.of(victim.pid()).ifPresent(ProcessHandle::destroyForcibly);
    go.complete(null);
    int complete = 0;
    int broken = 0;
    int wrong = 0;
    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      String body = bodyOf(answer);
      if (body == null) {
        broken++;
      } else if (body.contains("\"text\":\"end\"") && body.contains("message_stop")) {
        complete++;
      } else {
        wrong++;
      }
    }
    int recovered = 0;
    for (int i = 0; i < broken; i++) {
      String body = bodyOf(http.sendAsync(request(), HttpResponse.BodyHandlers.ofString()));
      recovered += body != null && body.contains("message_stop") ? 1 : 0;
    }
    OUT.printf(
        "%d streams through two replicas, one killed: %d complete, %d cut off, %d that only look whole; asked again: %d of %d answered%n",
        streams, complete, broken, wrong, recovered, broken);
    return complete > 0 && broken > 0 && wrong == 0 && recovered == broken;
  }

  /**
   * Null where the connection broke, or nginx answered that it did before anything was passed on:
   * what a client takes for a reason to ask again.
   */
  private static String bodyOf(CompletableFuture<HttpResponse<String>> answer) throws Exception {
    try {
      HttpResponse<String> response = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      return response.statusCode() >= 500 ? null : response.body();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException) {
        return null;
      }
      throw e;
    }
  }

  private HttpRequest request() {
    return HttpRequest.newBuilder(url)
        .header("content-type", "application/json")
        .POST(
            HttpRequest.BodyPublishers.ofString(
                "{\"model\":\"claude-sonnet\",\"max_tokens\":99,\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"))
        .build();
  }

  private static CaravanProcess replica(Path jar, Path directory, ScriptedUpstream upstream) {
    return CaravanProcess.start(
        CaravanProcess.thisJava(),
        List.of("-Xmx512m"),
        jar,
        directory,
        Map.of(
            "NIM_BASE_URL", upstream.url(),
            "NVIDIA_API_KEY", "upstream-key",
            "NIM_RATE_LIMIT", "0",
            "MODEL", "nim/scripted/model"));
  }

  private static Process nginx(
      String command, Path work, int port, CaravanProcess first, CaravanProcess second)
      throws IOException {
    String conf =
        """
        daemon off;
        pid %1$s/nginx.pid;
        error_log %1$s/nginx.log;
        events { worker_connections 4096; }
        http {
          access_log off;
          client_body_temp_path %1$s/body;
          proxy_temp_path %1$s/proxy;
          fastcgi_temp_path %1$s/fastcgi;
          uwsgi_temp_path %1$s/uwsgi;
          scgi_temp_path %1$s/scgi;
          upstream replicas { server %3$s; server %4$s; }
          server {
            listen 127.0.0.1:%2$d;
            client_max_body_size 32m;
            location / {
              proxy_pass http://replicas;
              proxy_http_version 1.1;
              proxy_set_header Host $host;
              proxy_set_header Connection "";
              # A token is passed on as it comes, and a stream may be silent for long.
              proxy_buffering off;
              proxy_read_timeout 3600s;
            }
          }
        }
        """
            .formatted(
                work,
                port,
                URI.create(first.url()).getAuthority(),
                URI.create(second.url()).getAuthority());
    Files.writeString(work.resolve("nginx.conf"), conf);
    return new ProcessBuilder(
            command,
            "-e",
            work.resolve("nginx.log").toString(),
            "-c",
            work.resolve("nginx.conf").toString())
        .inheritIO()
        .start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
