package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.testkit.Chunks;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests many streams at once, and the latency of one token. */
class StreamsIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int STREAMS = 40;
  private static final int TOKENS = 30;

  /** The tokens of one write: many, so that all streams are read at the same time. */
  private static final int TOKENS_OF_A_WRITE = 100;

  private static ScriptedUpstream upstream;
  private static Gateway gateway;

  @BeforeAll
  static void start() throws Exception {
    upstream = ScriptedUpstream.start();
    gateway = Gateway.before(upstream, "caravan.model.default", "nim/test/model");
  }

  @AfterAll
  static void stop() {
    gateway.close();
    upstream.close();
  }

  @BeforeEach
  void forget() {
    upstream.forget();
  }

  @Test
  void givesEachOfManyStreamsItsOwnContent() throws Exception {
    CyclicBarrier together = new CyclicBarrier(STREAMS);
    upstream.answer(
        request -> {
          String who = whoAsks(request.body());
          // No response begins before all requests have come, so that all streams run at once.
          Script script = Script.stream(Chunks.role()).then(answer -> meet(together));
          for (int i = 0; i < TOKENS; i++) {
            StringBuilder many = new StringBuilder();
            for (int j = 0; j < TOKENS_OF_A_WRITE; j++) {
              many.append(word(who, i * TOKENS_OF_A_WRITE + j));
            }
            script = script.write(many.toString());
          }
          return script.write(Chunks.finish("stop") + Chunks.usage(10, TOKENS) + Chunks.DONE);
        });

    Map<String, CompletableFuture<HttpResponse<String>>> answers = new LinkedHashMap<>();
    HttpClient http = HttpClient.newHttpClient();
    for (int i = 0; i < STREAMS; i++) {
      String who = "client" + i;
      answers.put(who, http.sendAsync(post(who), HttpResponse.BodyHandlers.ofString()));
    }

    for (Map.Entry<String, CompletableFuture<HttpResponse<String>>> each : answers.entrySet()) {
      StringBuilder expected = new StringBuilder();
      for (int i = 0; i < TOKENS * TOKENS_OF_A_WRITE; i++) {
        expected.append(each.getKey()).append('.').append(i).append(' ');
      }
      HttpResponse<String> answer = each.getValue().get(60, TimeUnit.SECONDS);
      assertThat(textOf(answer.body())).isEqualTo(expected.toString());
      assertThat(answer.body()).contains("event: message_stop\n");
    }
  }

  /** The upstream sends a token only after the client has read the last one: none is delayed. */
  @Test
  void forwardsEachTokenBeforeTheNextIsSent() throws Exception {
    List<CompletableFuture<Void>> seen = new ArrayList<>();
    Script script = Script.stream(Chunks.role());
    for (int i = 0; i < TOKENS; i++) {
      seen.add(new CompletableFuture<>());
      script = script.write(word("client", i)).await(seen.get(i));
    }
    upstream.enqueue(script.write(Chunks.finish("stop") + Chunks.usage(10, TOKENS) + Chunks.DONE));

    HttpResponse<InputStream> answer =
        HttpClient.newHttpClient().send(post("client"), HttpResponse.BodyHandlers.ofInputStream());

    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
      for (int i = 0; i < TOKENS; i++) {
        assertThat(lineWith("\"text\":\"client." + i + " \"", lines)).isTrue();
        seen.get(i).complete(null);
      }
      assertThat(lineWith("message_stop", lines)).isTrue();
    }
  }

  private static String word(String who, int index) {
    return Chunks.text(who + "." + index + " ");
  }

  private static void meet(CyclicBarrier together) throws InterruptedException {
    try {
      together.await(30, TimeUnit.SECONDS);
    } catch (java.util.concurrent.BrokenBarrierException
        | java.util.concurrent.TimeoutException e) {
      throw new AssertionError("the streams did not run at the same time", e);
    }
  }

  private static HttpRequest post(String text) {
    return HttpRequest.newBuilder(URI.create(gateway.url() + "/v1/messages"))
        .header("content-type", "application/json")
        .POST(
            HttpRequest.BodyPublishers.ofString(
                "{\"model\":\"claude-sonnet\",\"max_tokens\":100,\"stream\":true,"
                    + "\"messages\":[{\"role\":\"user\",\"content\":\""
                    + text
                    + "\"}]}"))
        .build();
  }

  private static String whoAsks(byte[] body) {
    try {
      return JSON.readTree(body).at("/messages/0/content").asText();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String textOf(String events) throws java.io.IOException {
    StringBuilder text = new StringBuilder();
    for (String line : events.lines().filter(line -> line.startsWith("data: ")).toList()) {
      text.append(JSON.readTree(line.substring(6)).at("/delta/text").asText());
    }
    return text.toString();
  }

  private static boolean lineWith(String text, BufferedReader lines) throws java.io.IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.contains(text)) {
        return true;
      }
    }
    return false;
  }
}
