package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.testkit.OneRun;
import io.caravan.testkit.Slow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Starts the real process with each wrong set-up of docs/operate.md, and with others, in a
 * directory of its own, and looks for what its user must read.
 */
@Slow
class WrongSetupsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path temporary;

  static List<String> rows() {
    return WrongSetup.rows();
  }

  @Test
  void eachRowOfTheDocumentIsASetUp() throws IOException {
    assertThat(WrongSetup.document().keySet())
        .containsAll(WrongSetup.ofDocument())
        .isSubsetOf(WrongSetup.rows());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void isToldInPlainWords(String wrong) throws Exception {
    Path directory = Files.createDirectory(temporary.resolve("here"));
    Path log = temporary.resolve("log");
    String words = WrongSetup.words(wrong);
    Pattern said = Pattern.compile(Pattern.quote(words).replace("…", "\\E[^\\n]*\\Q"));
    try (WrongSetup setup = WrongSetup.make(wrong, directory)) {
      Process process = OneRun.start(directory, setup.variables(), log, setup.command());
      try {
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () ->
                    assertThat(said.matcher(Files.readString(log)).find() || !process.isAlive())
                        .isTrue());
        if (!Files.readString(log).contains("WARN")) {
          assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
          assertThat(process.exitValue()).isEqualTo(setup.command().isEmpty() ? 1 : 2);
          // What went well before, as a list of models that came in time, may be told.
          assertThat(Files.readString(log).lines())
              .filteredOn(line -> !line.isBlank() && !line.contains(" INFO "))
              .hasSize(1);
        }
        assertThat(Files.readString(log))
            .containsPattern(said)
            .doesNotContain("secret-9f3a", "\tat ");
      } finally {
        process.destroyForcibly();
      }
    }
  }
}
