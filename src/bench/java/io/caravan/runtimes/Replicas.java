package io.caravan.runtimes;

import io.caravan.claudecode.ClaudeCode;
import io.caravan.testkit.Arguments;
import io.caravan.testkit.CaravanProcess;
import io.caravan.testkit.Chunks;
import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs two replicas behind nginx, with many streams through both and the real Claude Code in one of
 * them, and kills that replica in the middle. It checks the outcome for the clients of each, and
 * the limit that both share. {@code bench/replicas.sh} describes its arguments.
 */
public final class Replicas {
  private static final PrintStream OUT = System.out;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** A replica with an upstream of its own, so that each request shows which replica sent it. */
  private record Replica(CaravanProcess process, ScriptedUpstream upstream) {}

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String url;
  private final int streams;
  private final int limit;
  private final List<Replica> replicas;
  private final CompletableFuture<Void> go = new CompletableFuture<>();
  private final CompletableFuture<Void> allOpen = new CompletableFuture<>();
  private final CompletableFuture<Replica> asked = new CompletableFuture<>();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger calls = new AtomicInteger();
  private boolean sound = true;

  private Replicas(String url, int streams, int limit, List<Replica> replicas) {
    this.url = url;
    this.streams = streams;
    this.limit = limit;
    this.replicas = replicas;
    replicas.forEach(
        replica -> replica.upstream().answer(request -> answer(request, replica)).recordNothing());
  }

  public static void main(String[] args) throws Exception {
    Arguments arguments =
        Arguments.parse(args, Set.of(), Set.of("jar", "nginx", "streams", "redis", "claude"));
    Path work = Files.createDirectories(Path.of("target/replicas")).toAbsolutePath();
    int streams = arguments.get("streams", 200);
    // Half of it is reserved for a replica that is silent; the rest is more than the streams and
    // their repetition take.
    int limit = arguments.has("redis") ? 4 * streams : 0;
    boolean sound;
    try (ScriptedUpstream first = ScriptedUpstream.start();
        ScriptedUpstream second = ScriptedUpstream.start();
        CaravanProcess one = start(arguments, work.resolve("first"), first, limit);
        CaravanProcess two = start(arguments, work.resolve("second"), second, limit);
        Nginx nginx = Nginx.start(arguments.get("nginx", "nginx"), work, one.url(), two.url())) {
      Replicas replicas =
          new Replicas(
              nginx.url(),
              streams,
              limit,
              List.of(new Replica(one, first), new Replica(two, second)));
      sound = replicas.run(arguments.get("claude", null), work);
    }
    System.exit(sound ? 0 : 1);
  }

  private static CaravanProcess start(
      Arguments arguments, Path directory, ScriptedUpstream upstream, int limit) {
    Map<String, String> settings =
        new HashMap<>(
            Map.of(
                "NIM_BASE_URL",
                upstream.url(),
                "NVIDIA_API_KEY",
                "upstream-key",
                "NIM_RATE_LIMIT",
                Integer.toString(limit),
                "MODEL",
                "nim/scripted/model"));
    if (arguments.has("redis")) {
      settings.put("CARAVAN_REDIS_URL", arguments.get("redis", ""));
      // No call leaves the window during the run, and no call waits for one to leave.
      settings.put("CARAVAN_LIMITS_WINDOW", "600000");
      settings.put("CARAVAN_NIM_MAX_WAIT", "1000");
    }
    return CaravanProcess.start(
        CaravanProcess.thisJava(),
        List.of("-Xmx512m"),
        Path.of(arguments.get("jar", "target/caravan.jar")),
        directory,
        settings);
  }

  private boolean run(String claude, Path work) throws Exception {
    Replica victim = replicas.get(0);
    CompletableFuture<ClaudeCode.Run> person = null;
    if (claude != null) {
      person = CompletableFuture.supplyAsync(() -> ask(claude, work));
      victim = asked.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < streams; i++) {
      answers.add(http.sendAsync(request(true), HttpResponse.BodyHandlers.ofString()));
    }
    awaitAllOpen(answers);
    ProcessHandle.of(victim.process().pid()).ifPresent(ProcessHandle::destroyForcibly);
    go.complete(null);
    streams(answers);
    if (person != null) {
      ClaudeCode.Run run = person.get(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS);
      expect(
          run.exit() == 0 && run.text().endsWith("end"),
          "Claude Code, whose replica was killed in its answer: \"%s\" %s"
              .formatted(run.text(), run.stderr()));
    }
    if (limit > 0) {
      sharedLimit();
    }
    return sound;
  }

  private void awaitAllOpen(List<CompletableFuture<HttpResponse<String>>> answers)
      throws Exception {
    try {
      allOpen.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      List<String> ended =
          answers.stream()
              .filter(CompletableFuture::isDone)
              .map(answer -> answer.handle(Replicas::told).join())
              .toList();
      throw new IllegalStateException(
          "%d of %d streams are open; these have ended: %s".formatted(open.get(), streams, ended),
          e);
    }
  }

  private static String told(HttpResponse<String> response, Throwable failure) {
    return failure == null ? response.statusCode() + " " + response.body() : failure.toString();
  }

  /**
   * Returns a stream that stays open until the replica is killed; a repeated request ends at once.
   */
  private Script answer(ReceivedRequest request, Replica replica) {
    calls.incrementAndGet();
    if (request.text().contains("\"stream-") && open.incrementAndGet() == streams) {
      allOpen.complete(null);
    }
    if (request.text().contains("\"tools\"")) {
      asked.complete(replica);
    }
    return Script.stream(Chunks.role(), Chunks.text("begin "))
        .await(go)
        .write(Chunks.text("end") + Chunks.finish("stop") + Chunks.DONE);
  }

  private ClaudeCode.Run ask(String claude, Path work) {
    try {
      Path directory = Files.createTempDirectory(work, "claude-");
      return new ClaudeCode(Path.of(claude), url, PATIENCE).ask("Say hello", directory);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void streams(List<CompletableFuture<HttpResponse<String>>> answers) throws Exception {
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
      String body = bodyOf(http.sendAsync(request(true), HttpResponse.BodyHandlers.ofString()));
      recovered += body != null && body.contains("message_stop") ? 1 : 0;
    }
    expect(
        complete > 0 && broken > 0 && wrong == 0 && recovered == broken,
        "%d streams through two replicas, one killed: %d complete, %d cut off, %d that only look whole; asked again: %d of %d answered"
            .formatted(streams, complete, broken, wrong, recovered, broken));
  }

  /**
   * Checks that the remaining replica counts the other's calls. Otherwise it would permit more than
   * the limit, since it sent only half of the streams itself.
   */
  private void sharedLimit() throws Exception {
    int refused = 0;
    for (int i = 0; i < limit; i++) {
      refused +=
          http.send(request(false), HttpResponse.BodyHandlers.ofString()).statusCode() == 429
              ? 1
              : 0;
    }
    expect(
        refused > 0 && calls.get() <= limit && calls.get() >= limit / 2,
        "a limit of %d calls for both, shared through Redis: %d made in all, then %d refused"
            .formatted(limit, calls.get(), refused));
  }

  private void expect(boolean asItShould, String what) {
    sound &= asItShould;
    OUT.println((asItShould ? "ok      " : "FAILED  ") + what);
  }

  /**
   * Returns the body; null if the connection broke, or if nginx reported that before it passed
   * anything through. A client repeats such a request.
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

  private HttpRequest request(boolean stream) {
    return HttpRequest.newBuilder(URI.create(url + "/v1/messages"))
        .header("content-type", "application/json")
        .POST(
            HttpRequest.BodyPublishers.ofString(
                "{\"model\":\"claude-sonnet\",\"max_tokens\":99,\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"stream-%s\"}]}"
                    .formatted(stream, stream)))
        .build();
  }
}
