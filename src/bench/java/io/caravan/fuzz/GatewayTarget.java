package io.caravan.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.corpus.CorpusCase;
import io.caravan.corpus.Grammar;
import io.caravan.corpus.SseEvents;
import io.caravan.testkit.CaravanProcess;
import io.caravan.testkit.PlainClient;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;

/**
 * Sends malformed requests to Caravan itself, in front of an upstream that sends malformed bytes:
 * each must get a valid response or a valid error with its request id, and the log must have no
 * stack trace.
 */
final class GatewayTarget implements Target {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PASSED_ON =
      CorpusCase.DEFAULT_REQUEST.replace("claude-test", "claude-haiku");
  private static final int PATIENCE_MILLIS = 10_000;

  private final List<CorpusCase> requests = CorpusCase.group("request");
  private final List<CorpusCase> streams =
      CorpusCase.group("stream").stream().filter(c -> !c.upstream().isEmpty()).toList();
  private final ScriptedUpstream upstream = ScriptedUpstream.start().recordNothing();
  private final CaravanProcess caravan;
  private final PlainClient client;
  private long logRead;

  GatewayTarget(String java, Path jar, Path work) throws IOException {
    caravan =
        CaravanProcess.start(
            java,
            List.of("-Xmx512m"),
            jar,
            Files.createTempDirectory(work.toAbsolutePath(), "run-"),
            Map.of(
                "NIM_BASE_URL",
                upstream.url(),
                "NVIDIA_API_KEY",
                "fuzz-key",
                "NIM_RATE_LIMIT",
                "0",
                "MODEL",
                "nim/fuzz/model",
                "MODEL_HAIKU",
                "anthropic/fuzz/model",
                "ANTHROPIC_UPSTREAM_URL",
                upstream.url(),
                // Each request makes exactly one call: the faults of one try must not hide others.
                "CARAVAN_RETRY_ATTEMPTS",
                "1",
                "CARAVAN_COOLDOWN_FAILURES",
                "1000000",
                "CARAVAN_CIRCUIT_FAILURE_PERCENT",
                "100"));
    client = new PlainClient(URI.create(caravan.url()), PATIENCE_MILLIS);
  }

  @Override
  public boolean onlyComputes() {
    return false;
  }

  @Override
  public List<String> tryOnce(Random random) throws IOException {
    Mutator mutator = new Mutator(random);
    CorpusCase answer = streams.get(random.nextInt(streams.size()));
    boolean passedOn = random.nextInt(3) == 0;
    CorpusCase.Answer sound = passedOn ? asEvents(answer) : answer.upstream().get(0);
    Script script = script(sound, mutator.mostly(sound.body()), random);
    upstream.answer(request -> script).answerElse(request -> script);
    CorpusCase request = requests.get(random.nextInt(requests.size()));
    byte[] body = (passedOn ? PASSED_ON : request.requestJson()).getBytes(StandardCharsets.UTF_8);
    String path = random.nextInt(4) == 0 ? "/v1/messages/count_tokens" : "/v1/messages";
    // Half of the requests are valid, so that the upstream's bytes are read.
    byte[] sent = random.nextBoolean() ? mutator.json(body) : body;

    List<String> faults = new ArrayList<>();
    judge(client.post(path, sent, 0), passedOn, faults);
    checkLog(faults);
    if (!caravan.isAlive()) {
      faults.add("the gateway has ended");
    }
    return faults;
  }

  /**
   * Returns the response of an upstream that speaks the Messages API itself: the events that the
   * client must get.
   */
  private static CorpusCase.Answer asEvents(CorpusCase like) {
    StringBuilder events = new StringBuilder();
    for (String event : like.events() == null ? List.<String>of() : like.events()) {
      String type = event.replaceFirst(".*?\"type\"\\s*:\\s*\"(\\w+)\".*", "$1");
      events.append("event: ").append(type).append("\ndata: ").append(event).append("\n\n");
    }
    byte[] bytes = events.toString().getBytes(StandardCharsets.UTF_8);
    return new CorpusCase.Answer(200, "text/event-stream", bytes, false);
  }

  private static Script script(CorpusCase.Answer like, byte[] bytes, Random random) {
    Script script = Script.status(like.status(), "Content-Type: " + like.contentType()).chunked();
    int longest = random.nextBoolean() ? bytes.length : 1 + random.nextInt(2000);
    for (int at = 0; at < bytes.length; ) {
      int length = Math.min(1 + random.nextInt(longest), bytes.length - at);
      script = script.write(Arrays.copyOfRange(bytes, at, at + length));
      at += length;
    }
    return random.nextInt(4) == 0 ? script.reset() : script;
  }

  private static void judge(PlainClient.Answer answer, boolean passedOn, List<String> faults) {
    if (answer.status() == 0 || !answer.complete()) {
      faults.add("the answer does not end");
    } else if (!answer.head().contains("\nrequest-id: req_")) {
      faults.add("no request id");
    } else if (answer.contentType().startsWith("text/event-stream")) {
      List<JsonNode> events = SseEvents.parse(answer.body(), faults);
      if (!passedOn) {
        Grammar.check(events, faults);
      } else if (!endsOnce(events)) {
        faults.add("it goes on after its end, or has none");
      }
    } else {
      json(answer, faults);
    }
    if (answer.body().contains("The gateway failed") || answer.body().contains("Exception")) {
      faults.add("a failure of the gateway itself");
    }
    if (!faults.isEmpty()) {
      faults.add(answer.toString());
    }
  }

  /** Returns whether events end once; the rest of events passed through is up to the upstream. */
  private static boolean endsOnce(List<JsonNode> events) {
    List<String> types = events.stream().map(event -> event.path("type").asText()).toList();
    Predicate<String> isEnd = type -> type.equals("message_stop") || type.equals("error");
    return types.stream().filter(isEnd).count() == 1 && isEnd.test(types.get(types.size() - 1));
  }

  private static void json(PlainClient.Answer answer, List<String> faults) {
    JsonNode body;
    try {
      body = JSON.readTree(answer.body());
    } catch (JsonProcessingException e) {
      faults.add("not JSON");
      return;
    }
    boolean ok =
        answer.status() == 200
            ? body.path("type").asText().equals("message") || body.path("input_tokens").isInt()
            : answer.status() >= 400
                && body.path("type").asText().equals("error")
                && !body.at("/error/type").asText().isEmpty()
                && !body.at("/error/message").asText().isEmpty();
    if (!ok) {
      faults.add("neither an answer nor an error");
    }
  }

  /** Checks the lines that were logged since the last check. */
  private void checkLog(List<String> faults) throws IOException {
    try (FileChannel log = FileChannel.open(caravan.log())) {
      ByteBuffer news = ByteBuffer.allocate((int) (log.size() - logRead));
      log.read(news, logRead);
      logRead += news.position();
      String text = new String(news.array(), StandardCharsets.UTF_8);
      if (text.contains("\tat ") || text.contains("ERROR")) {
        faults.add("in the log: " + text);
      }
    }
  }

  @Override
  public void close() {
    caravan.close();
    upstream.close();
  }
}
