package io.caravan.gateway.words;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.testkit.Gateway;
import io.caravan.testkit.OneRun;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An upstream that speaks a protocol of its own takes one package and one route file: nothing of
 * Caravan's is changed for it, and it is retried, reported and charged as any other.
 */
class FurtherProtocolIT {
  @TempDir Path directory;

  private ScriptedUpstream upstream;
  private Gateway gateway;

  @BeforeEach
  void start() throws Exception {
    OneRun.copyApplication(directory);
    Files.copy(
        Path.of("src/test/resources/words/words.camel.yaml"),
        directory.resolve("routes/words.camel.yaml"));
    upstream = ScriptedUpstream.start();
    gateway =
        Gateway.in(
            directory,
            Map.of(
                "words.url",
                upstream.url(),
                "caravan.model.default",
                "words/hello",
                "camel.component.kamelet.location",
                "file:" + directory.resolve("routes/kamelets")));
  }

  @AfterEach
  void stop() throws Exception {
    if (gateway != null) {
      gateway.close();
    }
    upstream.close();
  }

  private String ask(boolean stream) throws Exception {
    return gateway
        .post(
            "/v1/messages",
            "{\"model\":\"claude-sonnet\",\"max_tokens\":50,\"stream\":"
                + stream
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}")
        .body();
  }

  @Test
  void isStreamed() throws Exception {
    upstream.enqueue(Script.stream("data: good\n\n", "data: day\n\n"));

    assertThat(ask(true))
        .contains("\"text\":\"good \"", "\"text\":\"day \"", "\"output_tokens\":2")
        .endsWith("data: {\"type\":\"message_stop\"}\n\n");
    assertThat(upstream.takeCompletion(Duration.ofSeconds(5)).text())
        .isEqualTo("{\"say\":\"hello\"}");
  }

  @Test
  void isGatheredForAClientThatDoesNotStream() throws Exception {
    upstream.enqueue(Script.stream("data: good\n\n", "data: day\n\n"));

    assertThat(ask(false))
        .contains("\"text\":\"good day \"", "\"stop_reason\":\"end_turn\"", "\"output_tokens\":2");
  }

  @Test
  void isCalledAgainWhereItFailsBeforeItsFirstWord() throws Exception {
    upstream.enqueue(Script.stream("data: !out of words\n\n"));
    upstream.enqueue(Script.stream("data: again\n\n"));

    assertThat(ask(true)).contains("\"text\":\"again \"");
  }

  @Test
  void breaksOffWithAnErrorEvent() throws Exception {
    upstream.enqueue(Script.stream("data: good\n\n").close());

    assertThat(ask(true)).contains("\"text\":\"good \"").contains("event: error");
  }
}
