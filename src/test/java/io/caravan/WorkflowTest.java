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

/** The workflow runs every stage of {@code .ci/run}, each in one slice. */
class WorkflowTest {
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

  private static List<List<Pattern>> slices() throws IOException {
    JsonNode workflow =
        new ObjectMapper(new YAMLFactory()).readTree(new File(".github/workflows/ci.yml"));
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
