package io.caravan.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.testkit.Gateway;
import io.caravan.testkit.OneRun;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recipes of docs/extend.md that no other test runs, as they stand there. */
class ExtendRecipesIT {
  private static final String REQUEST =
      "{\"model\":\"claude-sonnet\",\"max_tokens\":99,\"tools\":[{\"name\":\"Read\",\"input_schema\":"
          + "{\"type\":\"object\",\"properties\":{\"file_path\":{\"type\":\"string\"}}}}],"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  @TempDir Path directory;

  private static String recipe(String heading) throws Exception {
    String section =
        Files.readString(Path.of("docs/extend.md")).split("\n## " + heading + "\n", 2)[1];
    return section.split("```yaml\n", 2)[1].split("```", 2)[0];
  }

  @Test
  void countsWhatEachRequestWouldCost() throws Exception {
    Path route = directory.resolve("cost.camel.yaml");
    Files.writeString(
        route,
        recipe("Use a stage in a route of your own")
            .replace("file:requests", "file:" + directory.resolve("requests"))
            .replace("file:counted", "file:" + directory.resolve("counted")));
    Main camel = new Main();
    camel.configure().withRoutesIncludePattern("file:" + route);
    camel.start();
    try {
      for (String name : new String[] {"a.json", "b.json"}) {
        Files.writeString(directory.resolve(name), REQUEST);
        Files.createDirectories(directory.resolve("requests"));
        Files.move(directory.resolve(name), directory.resolve("requests").resolve(name));
      }

      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () ->
                  assertThat(directory.resolve("counted/tokens.txt"))
                      .content()
                      .containsPattern("(?m)^a.json \\d+$")
                      .containsPattern("(?m)^b.json \\d+$"));
    } finally {
      camel.stop();
    }
  }

  @Test
  void knowsAWayOfWritingToolCalls() throws Exception {
    OneRun.copyApplication(directory);
    Files.writeString(
        directory.resolve("routes/my-model.camel.yaml"),
        recipe("A way of writing tool calls or thoughts"));
    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        Gateway gateway = Gateway.in(directory, upstream)) {
      upstream.enqueue(
          Script.says("<calls><run name='Read'><set key='file_path'>a.txt</set></run></calls>"));

      assertThat(gateway.post("/v1/messages", REQUEST).body())
          .contains("\"name\":\"Read\",\"input\":{\"file_path\":\"a.txt\"}");
    }
  }
}
