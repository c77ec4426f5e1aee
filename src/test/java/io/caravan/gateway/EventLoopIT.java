package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.caravan.exchange.NonBlocking;
import io.caravan.http.loop.LoopThreads;
import io.caravan.testkit.Chunks;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.OneRun;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests where the steps of a stream's split run, by the threads that carry them: those that are
 * marked on the event loop, all others never.
 */
@Timeout(120)
class EventLoopIT {
  private static final String LOOP = "vert.x-eventloop-thread";
  private static final int PARTS = 20;
  private static final Queue<String> MARKED = new ConcurrentLinkedQueue<>();
  private static final Queue<String> OWN = new ConcurrentLinkedQueue<>();
  private static final Queue<String> AT_END = new ConcurrentLinkedQueue<>();

  @TempDir static Path directory;
  private static ScriptedUpstream upstream;
  private static Gateway gateway;

  /** A step that says of itself that it never waits. */
  @NonBlocking
  public static final class Marked implements Processor {
    @Override
    public void process(Exchange exchange) {
      MARKED.add(Thread.currentThread().toString());
    }
  }

  /** A user's step. */
  public static final class Own implements Processor {
    @Override
    public void process(Exchange exchange) {
      OWN.add(Thread.currentThread().toString());
    }
  }

  /** A user's step behind the split. */
  public static final class AtEnd implements Processor {
    @Override
    public void process(Exchange exchange) {
      AT_END.add(Thread.currentThread().toString());
    }
  }

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(LoopThreads.areThere(), "Java 24 or later with java.base/java.lang opened");
    OneRun.copyApplication(directory);
    Path routes = directory.resolve("routes");
    Path stream = routes.resolve("stream-openai.camel.yaml");
    String text = Files.readString(stream);
    String first = "              - process:\n                  id: read-chunks\n";
    String last = "        - process:\n            id: finish-message\n";
    assertThat(text).contains(first).contains(last);
    Files.writeString(
        stream,
        text.replace(first, step("markedStep").indent(14) + step("ownStep").indent(14) + first)
            .replace(last, step("endStep").indent(8) + last));
    Files.writeString(
        routes.resolve("own.camel.yaml"),
        "- beans:\n"
            + bean("markedStep", Marked.class)
            + bean("ownStep", Own.class)
            + bean("endStep", AtEnd.class));
    upstream = ScriptedUpstream.start();
    gateway = Gateway.in(directory, upstream);
  }

  private static String step(String name) {
    return "- process:\n    id: " + name + "\n    ref: " + name + "\n";
  }

  private static String bean(String name, Class<?> type) {
    return "    - name: " + name + "\n      type: " + type.getName() + "\n";
  }

  @AfterAll
  static void stop() {
    if (gateway != null) {
      gateway.close();
      upstream.close();
    }
  }

  @BeforeEach
  void forget() {
    MARKED.clear();
    OWN.clear();
    AT_END.clear();
  }

  @Test
  void onlyMarkedStepsRunOnTheEventLoop() throws Exception {
    assertThat(answer(trickle())).contains("token 0", "token " + (PARTS - 1), "message_stop");

    assertThat(MARKED).anyMatch(thread -> thread.contains(LOOP));
    assertThat(OWN).hasSameSizeAs(MARKED).noneMatch(thread -> thread.contains(LOOP));
    assertThat(AT_END).hasSize(1).noneMatch(thread -> thread.contains(LOOP));
  }

  /** The failure is written by steps of the error handler, which are not marked either. */
  @Test
  void aStreamThatBreaksEndsInAnError() throws Exception {
    Script broken = tokens(Script.stream(Chunks.role()), 3).reset();

    assertThat(answer(broken)).contains("token 0", "event: error");

    assertThat(AT_END).isEmpty();
  }

  private static Script trickle() {
    return tokens(Script.stream(Chunks.role()), PARTS)
        .write(Chunks.finish("stop"))
        .write(Chunks.DONE);
  }

  private static Script tokens(Script script, int count) {
    Script all = script;
    for (int i = 0; i < count; i++) {
      all = all.write(Chunks.text("token " + i)).pause(Duration.ofMillis(20));
    }
    return all;
  }

  private static String answer(Script script) throws Exception {
    upstream.enqueue(script);
    return gateway
        .post(
            "/v1/messages",
            "{\"model\":\"claude-sonnet-4-5\",\"max_tokens\":99,\"stream\":true,"
                + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}")
        .body();
  }
}
