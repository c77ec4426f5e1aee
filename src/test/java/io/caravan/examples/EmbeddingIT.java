package io.caravan.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The applications in {@code examples/}: single stages in a route that is not Caravan's. */
class EmbeddingIT {
  private static final String REQUEST =
      "{\"model\":\"claude-sonnet\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hi there\"}]}";

  @TempDir Path folder;

  @Test
  void countsAndPricesTheTokensOfFilesByStagesAsKamelets() throws Exception {
    Main camel = new Main();
    Properties settings = new Properties();
    settings.put("folder", folder.toString());
    settings.put("input-price", "0.25");
    camel.setOverrideProperties(settings);
    camel
        .configure()
        .withRoutesIncludePattern("file:examples/count-tokens/count-tokens.camel.yaml");
    camel.start();
    try {
      Files.createDirectories(folder.resolve("requests"));
      Files.writeString(folder.resolve("hi.part"), REQUEST);
      Files.move(folder.resolve("hi.part"), folder.resolve("requests/hi.json"));

      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () -> {
                assertThat(folder.resolve("tokens.txt"))
                    .hasContent("hi.json 17 tokens, 0.00000425 dollars\n");
                assertThat(folder.resolve("tapped/hi.json")).hasContent(REQUEST);
              });
    } finally {
      camel.stop();
    }
  }

  @Test
  void asksAModelServerByStagesAsKamelets() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.start()) {
      upstream.enqueue(Script.says("Hello there"));
      Main camel = new Main();
      Properties settings = new Properties();
      settings.put("folder", folder.toString());
      settings.put("model", "server/scripted/model");
      settings.put("base-url", upstream.url());
      settings.put("api-key", "upstream-key");
      camel.setOverrideProperties(settings);
      camel.configure().withRoutesIncludePattern("file:examples/ask-files/ask-files.camel.yaml");
      camel.start();
      try {
        Files.createDirectories(folder.resolve("requests"));
        Files.writeString(folder.resolve("hi.part"), REQUEST);
        Files.move(folder.resolve("hi.part"), folder.resolve("requests/hi.json"));

        await()
            .atMost(Duration.ofSeconds(20))
            .untilAsserted(
                () -> {
                  assertThat(folder.resolve("answers/hi.json"))
                      .content()
                      .contains("\"text\":\"Hello there\"", "\"stop_reason\":\"end_turn\"");
                  assertThat(folder.resolve("tapped.txt"))
                      .content()
                      .contains("hi.json  " + REQUEST + "\n")
                      .containsPattern("hi.json \\d+ \\{.*Hello there");
                });
      } finally {
        camel.stop();
      }
    }
  }
}
