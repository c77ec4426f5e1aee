package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.testkit.Gateway;
import io.caravan.testkit.OneRun;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that the provider which the README adds works. */
class ReadmeProviderIT {
  @TempDir Path directory;

  @Test
  void answersOnceItsFileIsThere() throws Exception {
    OneRun.copyApplication(directory);
    try (ScriptedUpstream upstream = ScriptedUpstream.start()) {
      upstream.enqueue(Script.says("from acme"));
      Files.writeString(
          directory.resolve("routes/providers/acme.camel.yaml"),
          yamlOf("## Add a provider").replace("https://models.acme.example/v1", upstream.url()));
      try (Gateway gateway =
          Gateway.in(
              directory,
              Map.of(
                  "caravan.model.default",
                  "acme/their-model",
                  "camel.component.kamelet.location",
                  "file:" + directory.resolve("routes/kamelets")))) {

        String answer =
            gateway
                .post(
                    "/v1/messages",
                    "{\"model\":\"claude-sonnet\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}")
                .body();

        assertThat(answer).contains("from acme");
        assertThat(upstream.takeCompletion(Duration.ofSeconds(5)).text())
            .contains("\"model\":\"their-model\"");
      }
    }
  }

  private static String yamlOf(String heading) throws Exception {
    String readme = Files.readString(Path.of("README.md"));
    String section = readme.substring(readme.indexOf(heading));
    String start = "```yaml\n";
    int from = section.indexOf(start) + start.length();
    return section.substring(from, section.indexOf("```", from));
  }
}
