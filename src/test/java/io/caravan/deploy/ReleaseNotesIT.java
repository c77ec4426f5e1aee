package io.caravan.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.testkit.OneRun;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The notes of a release, as its workflow has them made of CHANGELOG.md. */
class ReleaseNotesIT {
  @TempDir Path directory;

  private OneRun notes(String version) throws Exception {
    String script = Path.of("bench/notes.sh").toAbsolutePath().toString();
    return OneRun.of(List.of(script, version), directory, Map.of());
  }

  @Test
  void areWhatTheChangelogSaysOfTheVersion() throws Exception {
    OneRun notes = notes("0.1.0");

    assertThat(notes.exit()).isZero();
    assertThat(notes.output()).contains("### Added", "### Changed").doesNotContain("\n## ");
  }

  @Test
  void areMissedWhereTheChangelogSaysNothing() throws Exception {
    OneRun notes = notes("9.9.9");

    assertThat(notes.exit()).isEqualTo(1);
    assertThat(notes.output()).contains("CHANGELOG.md says nothing of 9.9.9");
  }
}
