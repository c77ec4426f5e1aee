package io.caravan.claudecode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.testkit.CaravanProcess;
import io.caravan.testkit.Chunks;
import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import io.caravan.testkit.TraceCollector;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One session with a sub-agent, a retry, a hedge and a stream that its user stops, before a gateway
 * that shows all it can: console, access log, metrics, traces, usage. Each is compared with the
 * upstream's {@link Ledger}.
 */
final class LedgerScene {
  static final String NAME =
      "is seen in console, log, metrics, traces and cost as the upstream saw it";

  static final String KEY_NAME = "ann";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final long SHOWN_NANOS = Duration.ofSeconds(20).toNanos();
  private static final String TASK = "SUBTASK: write the file";
  private static final String REPORT = "The agent's file is written.";
  private static final String LOOK = "Look at the file twice";
  private static final String STORY = "Tell a long story";

  private final HttpClient http = HttpClient.newHttpClient();
  private final Ledger ledger = new Ledger();
  private final AtomicBoolean refused = new AtomicBoolean();
  private final CompletableFuture<Long> begun = new CompletableFuture<>();
  private final Set<String> sessions = new LinkedHashSet<>();
  private final Path directory;
  private Path file;

  LedgerScene(Path directory) {
    this.directory = directory;
  }

  /** Runs the session and returns what differs from the ledger. */
  List<String> faults(Path claude, Path jar, String java) throws IOException, InterruptedException {
    Path gateway = Files.createDirectories(directory.resolve("gateway"));
    try (ScriptedUpstream upstream = ScriptedUpstream.start().answer(this::model);
        TraceCollector collector = TraceCollector.start()) {
      LedgerChecks checks;
      try (CaravanProcess caravan =
          CaravanProcess.start(
              java, List.of(), jar, gateway, settings(gateway, upstream, collector))) {
        converse(new ClaudeCode(claude, caravan.url(), LIMIT));
        checks = new LedgerChecks(ledger.entries(), sessions);
        checks.console(shown(caravan));
        String management = "http://127.0.0.1:" + caravan.managementPort();
        checks.log(Files.readAllLines(caravan.log()));
        checks.metrics(get(management + "/observe/metrics"));
        checks.usage(JSON.readTree(get(management + "/observe/usage")));
      }
      // Closing has sent the last spans.
      checks.traces(collector.spans());
      for (ReceivedRequest request : upstream.completions()) {
        checks.rules(Rules.broken(request));
      }
      return checks.faults();
    }
  }

  private static Map<String, String> settings(
      Path gateway, ScriptedUpstream upstream, TraceCollector collector) throws IOException {
    Path providers = Files.createDirectories(gateway.resolve("routes/providers"));
    Files.writeString(providers.resolve("ledger.camel.yaml"), Ledger.provider(upstream.url()));
    Path keys = gateway.resolve("keys");
    Files.writeString(
        keys, "sha256:" + sha256(Rules.CLIENT_TOKEN) + " name=" + KEY_NAME + " daily-usd=100\n");
    return Map.of(
        "MODEL", "ledger/" + Ledger.FIRST + ",ledger/" + Ledger.SECOND,
        "CARAVAN_CLIENT_KEYS_FILE", keys.toAbsolutePath().toString(),
        "CARAVAN_HEDGE_ENABLED", "true",
        "CARAVAN_LOG_FORMAT", "json",
        "CARAVAN_TRACES_ENABLED", "true",
        "CARAVAN_TRACES_ENDPOINT", collector.endpoint(),
        "CARAVAN_METRICS_PER_KEY", "true");
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  private void converse(ClaudeCode claude) throws IOException, InterruptedException {
    Path work = Files.createDirectories(directory.resolve("work"));
    file = work.resolve("sub.txt");
    String session = session(claude.ask("Let an agent do it", work));
    session = session(claude.ask(LOOK, List.of("--resume", session), Map.of(), work));
    Process stopped = claude.start(STORY, List.of("--resume", session), Map.of(), work);
    try {
      begun.orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
    } finally {
      stopped.destroy();
      stopped.waitFor();
    }
  }

  private String session(ClaudeCode.Run run) {
    String session = run.result().path("session_id").asText();
    sessions.add(session);
    return session;
  }

  /** Returns the upstream's response, which the ledger enters. */
  private Script model(ReceivedRequest request) {
    if (Scenes.userSays(request, TASK)) {
      return agent(request);
    }
    String text = request.text();
    if (text.contains(STORY)) {
      return ledger.tells(request, "Once upon a time ", begun);
    }
    if (text.contains(LOOK)) {
      return looks(request, text);
    }
    if (text.contains(REPORT)) {
      return ledger.says(request, false, "The agent has done it.");
    }
    return text.contains("call_agent")
        ? ledger.says(request, false, "I wait for it.")
        : ledger.calls(
            request,
            false,
            "call_agent",
            "Agent",
            "{\"description\":\"Writes it\",\"prompt\":"
                + Chunks.quote(TASK)
                + ",\"subagent_type\":\"general-purpose\"}");
  }

  /** Responds to the sub-agent, the first time with a refusal that is worth another attempt. */
  private Script agent(ReceivedRequest request) {
    if (refused.compareAndSet(false, true)) {
      return ledger.refuses(request, true);
    }
    return request.text().contains("call_sub")
        ? ledger.says(request, true, REPORT)
        : ledger.calls(
            request,
            true,
            "call_sub",
            "Write",
            "{\"file_path\":" + Chunks.quote(file.toString()) + ",\"content\":\"by the agent\"}");
  }

  /** Responds to a turn of four requests, of which the first is hedged. */
  private Script looks(ReceivedRequest request, String text) {
    if (!text.contains("call_look")) {
      return Rules.body(request).path("model").asText().equals(Ledger.FIRST)
          ? ledger.waits(request)
          : ledger.calls(request, false, "call_look", "Bash", bash());
    }
    if (!text.contains("call_read")) {
      return ledger.calls(
          request,
          false,
          "call_read",
          "Read",
          "{\"file_path\":" + Chunks.quote(file.toString()) + "}");
    }
    return text.contains("call_again")
        ? ledger.says(request, false, "I have looked twice.")
        : ledger.calls(request, false, "call_again", "Bash", bash());
  }

  private String bash() {
    return "{\"command\":" + Chunks.quote("cat '" + file + "'") + ",\"description\":\"looks\"}";
  }

  /** Returns the console's state once it shows nothing under way any more. */
  private JsonNode shown(CaravanProcess caravan) throws IOException, InterruptedException {
    long end = System.nanoTime() + SHOWN_NANOS;
    JsonNode state = JSON.readTree(get(caravan.url() + "/console/state"));
    while (!state.path("running").isEmpty() && System.nanoTime() < end) {
      Thread.sleep(100);
      state = JSON.readTree(get(caravan.url() + "/console/state"));
    }
    return state;
  }

  private String get(String url) throws IOException, InterruptedException {
    return http.send(
            HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
