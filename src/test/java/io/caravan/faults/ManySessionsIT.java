package io.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.testkit.CaravanProcess;
import io.caravan.testkit.OneRun;
import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import io.caravan.testkit.Slow;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sends requests of a hundred thousand sessions, each with an agent, a model and a tool of its own,
 * to a process whose heap is small and which ends when it is full.
 */
@Slow
class ManySessionsIT {
  private static final int SESSIONS = 100_000;
  private static final int BEFORE = 5_000;
  private static final int CLIENTS = 8;

  /** The longest id that is kept as it is. */
  private static final String LONG = "s".repeat(240);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final AtomicInteger next = new AtomicInteger();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private CaravanProcess caravan;

  @Test
  void aHundredThousandSessionsFillNoHeapAndMakeNoSeries(@TempDir Path directory) throws Exception {
    OneRun.copyApplication(directory);
    try (ScriptedUpstream upstream =
            ScriptedUpstream.start().recordNothing().answer(ManySessionsIT::callsATool);
        CaravanProcess process =
            OneRun.serve(
                directory,
                Map.of("NIM_BASE_URL", upstream.url(), "NIM_RATE_LIMIT", "0", "MODEL", "nim/m"),
                "-Xmx160m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError")) {
      caravan = process;
      send(BEFORE);
      long series = series();

      send(SESSIONS);

      assertThat(failures).isEmpty();
      assertThat(caravan.isAlive()).isTrue();
      assertThat(series()).isLessThanOrEqualTo(series + 5);
    }
  }

  /** An answer with reasoning and a call, both of which are remembered for the session. */
  private static Script callsATool(ReceivedRequest request) {
    return Script.json(
        200,
        """
        {"id":"c","object":"chat.completion","model":"m","choices":[{"index":0,"finish_reason":"tool_calls","message":
        {"role":"assistant","content":null,"reasoning_content":"%s","tool_calls":[{"id":"call_%d","type":"function",
        "function":{"name":"look","arguments":"{}"}}]}}],"usage":{"prompt_tokens":9,"completion_tokens":9,"total_tokens":18}}"""
            .formatted("thoughts ".repeat(50), System.nanoTime()));
  }

  private void send(int until) throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        all.add(
            clients.submit(
                () -> {
                  for (int n = next.getAndIncrement(); n < until; n = next.getAndIncrement()) {
                    ask(n);
                  }
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      clients.shutdown();
    }
  }

  private void ask(int n) throws IOException, InterruptedException {
    String body =
        """
        {"model":"claude-sonnet-%d","max_tokens":9,"messages":[{"role":"user","content":"question %d"}],
        "tools":[{"name":"look","description":"tool %d","input_schema":{"type":"object","properties":{}}}]}"""
            .formatted(n, n, n);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(caravan.url() + "/v1/messages"))
            .header("Content-Type", "application/json")
            .header("x-claude-code-session-id", LONG + n)
            .header("x-claude-code-agent-id", LONG + n)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200 || !answer.body().contains("tool_use")) {
      failures.add(n + ": " + answer.statusCode() + " " + answer.body());
    }
  }

  private long series() throws IOException, InterruptedException {
    URI metrics = URI.create("http://127.0.0.1:" + caravan.managementPort() + "/observe/metrics");
    return http.send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
        .body()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .count();
  }
}
