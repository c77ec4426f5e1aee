package io.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * The workflows: every stage of {@code .ci/run} is in one slice; a release is made of what is here.
 */
class WorkflowTest {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  /** Up to what a name has of the shell. */
  private static final Pattern STAGE = Pattern.compile("\\b(?:stage|beside) \"([^\"$]+)");

  @Test
  void eachStageIsInOneSlice() throws IOException {
    List<String> stages = found(STAGE, Files.readString(Path.of(".ci/run")));
    List<List<Pattern>> slices = slices();

    assertThat(stages).hasSizeGreaterThan(10);
    assertThat(stages)
        .allSatisfy(
            stage ->
                assertThat(slices)
                    .as(stage)
                    .filteredOn(slice -> slice.stream().anyMatch(p -> p.matcher(stage).matches()))
                    .hasSize(1));
    assertThat(slices.stream().flatMap(List::stream))
        .allMatch(pattern -> stages.stream().anyMatch(s -> pattern.matcher(s).matches()));
  }

  @Test
  void eachScriptThatAWorkflowRunsIsHere() throws IOException {
    int scripts = 0;
    for (File workflow : new File(".github/workflows").listFiles()) {
      for (String script :
          found(
              Pattern.compile("((?:bench|\\.ci)/[\\w/.-]+)"),
              Files.readString(workflow.toPath()))) {
        assertThat(new File(script)).as(workflow.getName()).isFile().isExecutable();
        scripts++;
      }
    }
    assertThat(scripts).isGreaterThan(4);
  }

  /** What pushes has a right for it; what a tag triggers runs in no other case. */
  @Test
  void aReleaseIsMadeByATagAndMayWriteWhatItPublishes() throws IOException {
    JsonNode workflow = YAML.readTree(new File(".github/workflows/release.yml"));
    String commands = workflow.at("/jobs/release/steps").findValuesAsText("run").toString();

    assertThat(workflow.at("/on").toString()).isEqualTo("{\"push\":{\"tags\":[\"v*\"]}}");
    assertThat(workflow.at("/permissions").toString()).isEqualTo("{\"contents\":\"read\"}");
    assertThat(workflow.at("/jobs/release/permissions").toString())
        .isEqualTo("{\"contents\":\"write\",\"packages\":\"write\"}");
    assertThat(commands)
        .containsSubsequence(
            "bench/notes.sh",
            "VersionsTest",
            "bench/release.sh",
            "docker push",
            "gh release create",
            "target/release/*");
    assertThat(Files.readString(Path.of("bench/release.sh")))
        .contains("caravan-$version.jar", "caravan-$version-bom.json", "SHA256SUMS");
  }

  private static List<List<Pattern>> slices() throws IOException {
    JsonNode workflow = YAML.readTree(new File(".github/workflows/ci.yml"));
    JsonNode slices = workflow.at("/jobs/slice/strategy/matrix/include");
    return StreamSupport.stream(slices.spliterator(), false)
        .map(slice -> found(Pattern.compile("'([^']+)'"), slice.path("stages").asText()))
        .map(names -> names.stream().map(WorkflowTest::glob).toList())
        .toList();
  }

  private static List<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(match -> match.group(1)).toList();
  }

  private static Pattern glob(String name) {
    return Pattern.compile(Pattern.quote(name).replace("*", "\\E.*\\Q"));
  }
}
