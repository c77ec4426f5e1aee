package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.testkit.Gateway;
import io.caravan.testkit.OneRun;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.RouteWatcherReloadStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests edits of YAML by an integrator, without a build and without a restart. */
class EditingRoutesIT {
  private static final String HI =
      "{\"model\":\"claude-sonnet\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;

  /** Replaces Caravan's token counter. */
  public static final class CountsSeven implements Processor {
    @Override
    public void process(Exchange exchange) {
      exchange.setProperty("CaravanInputTokens", 7L);
    }
  }

  /** A step that fails. */
  public static final class Fails implements Processor {
    @Override
    public void process(Exchange exchange) {
      throw new IllegalStateException("a step of the user's");
    }
  }

  @Test
  void swapsAStageForAProcessorOfTheUsersOwn() throws Exception {
    OneRun.copyApplication(directory);
    edit(
        "count-tokens.camel.yaml",
        """
                      - to:
                          id: count-count-tokens
                          uri: kamelet:caravan-count-tokens-action
        """,
        """
                      - process:
                          id: count-count-tokens
                          ref: "#class:%s"
        """
            .formatted(CountsSeven.class.getName()));

    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        Gateway gateway = start(upstream)) {
      assertThat(gateway.post("/v1/messages/count_tokens", HI).body())
          .isEqualTo("{\"input_tokens\":7}");
    }
  }

  @Test
  void sendsTheNextRequestElsewhereOnceAProviderFileIsEdited() throws Exception {
    OneRun.copyApplication(directory);
    try (ScriptedUpstream first = ScriptedUpstream.start();
        ScriptedUpstream second = ScriptedUpstream.start()) {
      first.answer(request -> Script.says("from the first"));
      second.answer(request -> Script.says("from the second"));
      edit("providers/nim.camel.yaml", "\"{{caravan.nim.base-url}}\"", "\"" + first.url() + "\"");
      try (Gateway gateway = start(first)) {
        assertThat(gateway.post("/v1/messages", HI).body()).contains("from the first");

        edit("providers/nim.camel.yaml", first.url(), second.url());

        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () ->
                    assertThat(gateway.post("/v1/messages", HI).body())
                        .contains("from the second"));
      }
    }
  }

  @ParameterizedTest(name = "{3}")
  @CsvSource({
    "stream-openai.camel.yaml, ref: finishMessage, ref: noSuchBean, noSuchBean",
    "messages.camel.yaml, uri: direct:open-answer, uri: nocomponent:open-answer, nocomponent",
    "messages.camel.yaml, - route:, '- route: [', messages.camel.yaml",
    "stream-openai.camel.yaml, ref: finishMessage, ref: finishPassed, the bean finishPassed is now finishPassThrough"
  })
  void keepsTheRunningRouteWhereAnEditIsWrong(String file, String from, String to, String named)
      throws Exception {
    OneRun.copyApplication(directory);
    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        Gateway gateway = start(upstream)) {
      upstream.answer(request -> Script.says("as it was"));

      edit(file, from, to);
      RouteWatcherReloadStrategy reload =
          gateway.context().hasService(RouteWatcherReloadStrategy.class);
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(reload.lastErrorMessage())
                      .contains(named)
                      .contains("stay as they were"));
      assertThat(gateway.post("/v1/messages", HI).body()).contains("as it was");
    }
  }

  /** The last resort: the client gets an error, and the request holds nothing any more. */
  @Test
  void endsAStreamWhoseErrorHandlingFails() throws Exception {
    OneRun.copyApplication(directory);
    String fails = "\"#class:%s\"".formatted(Fails.class.getName());
    edit("errors.camel.yaml", "id: write-error\n                ref: writeError", "ref: " + fails);
    edit(
        "stream-openai.camel.yaml",
        "                  ref: writeEvents\n",
        "                  ref: writeEvents\n              - process: {ref: " + fails + "}\n");

    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        Gateway gateway = start(upstream)) {
      upstream.enqueue(Script.says("Hello"));

      HttpResponse<String> answer =
          gateway.post("/v1/messages", HI.replace("{\"model\"", "{\"stream\":true,\"model\""));

      assertThat(answer.body())
          .contains("event: message_start")
          .endsWith(
              "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\","
                  + "\"message\":\"Internal server error\"}}\n\n");
      gateway.awaitNothingOpen();
    }
  }

  private Gateway start(ScriptedUpstream upstream) throws Exception {
    return Gateway.in(
        directory,
        Map.of(
            "caravan.nim.base-url",
            upstream.url(),
            "caravan.model.default",
            "nim/test/model",
            "camel.main.routesReloadDirectory",
            directory.resolve("routes").toString(),
            "camel.component.kamelet.location",
            "file:" + directory.resolve("routes/kamelets")));
  }

  private void edit(String file, String from, String to) throws IOException {
    Path path = directory.resolve("routes").resolve(file);
    String text = Files.readString(path);
    assertThat(text).contains(from);
    Files.writeString(path, text.replace(from, to));
  }
}
