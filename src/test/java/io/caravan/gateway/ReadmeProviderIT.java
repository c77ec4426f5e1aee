package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.testkit.Gateway;
import io.caravan.testkit.OneRun;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that the provider which the README adds works, at the second call too. */
class ReadmeProviderIT {
  @TempDir Path directory;

  @Test
  void answersOnceItsFileIsThere() throws Exception {
    answers("");
  }

  @Test
  void answersWithTheLimitsOfTheManual() throws Exception {
    answers(yamlOf("docs/operate.md", "### Upstream limits"));
  }

  private void answers(String route) throws Exception {
    OneRun.copyApplication(directory);
    try (ScriptedUpstream upstream = ScriptedUpstream.start()) {
      upstream.enqueue(
          Script.json(500, "{\"error\":{\"message\":\"not yet\"}}"), Script.says("from acme"));
      Files.writeString(
          directory.resolve("routes/providers/acme.camel.yaml"),
          yamlOf("README.md", "## Add a provider")
                  .replace("https://models.acme.example/v1", upstream.url())
              + route);
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
        assertThat(upstream.completions())
            .hasSize(2)
            .allSatisfy(call -> assertThat(call.text()).contains("\"model\":\"their-model\""));
        assertThat(gateway.context().getRoute("provider-acme") == null).isEqualTo(route.isEmpty());
      }
    }
  }

  private static String yamlOf(String document, String heading) throws Exception {
    String text = Files.readString(Path.of(document));
    String section = text.substring(text.indexOf(heading));
    String start = "```yaml\n";
    int from = section.indexOf(start) + start.length();
    return section.substring(from, section.indexOf("```", from));
  }
}
