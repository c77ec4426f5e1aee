package io.caravan.claudecode;

import static io.caravan.claudecode.Scenes.byTurn;
import static io.caravan.claudecode.Scenes.call;
import static io.caravan.claudecode.Scenes.expectMessage;
import static io.caravan.claudecode.Scenes.expectText;

import io.caravan.claudecode.Scenario.Turn;
import io.caravan.documents.TestPdfs;
import io.caravan.testkit.Chunks;
import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.Script;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * The conversations with a model that reads text only, before a gateway that describes images and
 * reads documents: what Claude Code's Read tool has found reaches the model in words.
 */
final class SensesScenarios {
  static final List<Scenario> ALL = List.of(image(), pdf());

  /** The settings that the gateway has beside those of the other scenarios. */
  static final Map<String, String> SETTINGS =
      Map.of("MODEL_VISION", "nim/" + Rules.EYES, "CARAVAN_DOCUMENTS", "true");

  /** A model whose card says that it sees nothing. */
  private static final String TEXT_MODEL = "nim/z-ai/glm-5.3";

  private static final String DESCRIPTION = "One ripe plum on a blue plate.";
  private static final String SENTENCE = "The plums of row three are ripe in August.";

  private SensesScenarios() {}

  private static Scenario image() {
    return new Scenario(
        "reads an image with a model of text",
        List.of(new Turn("Which fruit is in plum.png?", "--model", TEXT_MODEL)),
        directory ->
            Files.write(
                directory.resolve("plum.png"), Base64.getDecoder().decode(DayScenarios.PNG)),
        directory -> {
          var model = byTurn(read(directory, "plum.png"), Script.says("A plum."));
          return request -> isOfEyes(request) ? Script.says(DESCRIPTION) : model.apply(request);
        },
        (outcome, faults) -> {
          expectText(outcome, "A plum.", faults);
          expectMessage(outcome, DESCRIPTION, faults);
          expectMessage(outcome, "<outside_content kind=\\\"image description\\\"", faults);
          List<ReceivedRequest> looks =
              outcome.completions().stream().filter(SensesScenarios::isOfEyes).toList();
          if (looks.size() != 1
              || !looks.get(0).text().contains("data:image/png;base64,")
              || !looks.get(0).text().contains("Which fruit is in plum.png?")) {
            faults.add("the vision model got " + looks.size() + " calls, or not what it needs");
          }
          expectNoData(outcome, faults);
        });
  }

  private static Scenario pdf() {
    return new Scenario(
        "reads a PDF with a model of text",
        List.of(new Turn("When are the plums ripe?", "--model", TEXT_MODEL)),
        directory ->
            Files.write(
                directory.resolve("orchard.pdf"),
                TestPdfs.pages(List.of("Apples", "Pears", SENTENCE, "Cherries"))),
        directory -> byTurn(read(directory, "orchard.pdf"), Script.says("In August.")),
        (outcome, faults) -> {
          expectText(outcome, "In August.", faults);
          expectMessage(outcome, "[Page 3 of 4]\\n" + SENTENCE, faults);
          expectMessage(outcome, "<outside_content kind=\\\"document\\\"", faults);
          expectNoData(outcome, faults);
        });
  }

  private static Script read(Path directory, String file) {
    return call(
        "call_read",
        "Read",
        "{\"file_path\":" + Chunks.quote(directory.resolve(file).toString()) + "}");
  }

  private static boolean isOfEyes(ReceivedRequest request) {
    return Rules.body(request).path("model").asText().equals(Rules.EYES);
  }

  /** Checks that the model of text got no image and no file. */
  private static void expectNoData(Scenario.Outcome outcome, List<String> faults) {
    for (ReceivedRequest request : outcome.completions()) {
      if (!isOfEyes(request) && request.text().contains(";base64,")) {
        faults.add("the model of text got data");
      }
    }
  }
}
