package io.caravan.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.testkit.NeedsProgram;
import io.caravan.testkit.OneRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The unit for systemd, by systemd's own check. */
@NeedsProgram("systemd-analyze")
class SystemdIT {
  private static final Path UNIT = Path.of("deploy/systemd/caravan.service");

  @TempDir Path directory;

  @Test
  void systemdFindsNothingWrong() throws Exception {
    Path unit = directory.resolve("caravan.service");
    // It is not installed here, and the check looks for the program.
    String installed = Path.of("bin/caravan").toAbsolutePath().toString();
    Files.writeString(unit, Files.readString(UNIT).replace("/opt/caravan/bin/caravan", installed));

    OneRun verified =
        OneRun.of(List.of("systemd-analyze", "verify", unit.toString()), directory, Map.of());

    assertThat(verified.output()).doesNotContain("caravan.service");
    assertThat(verified.exit()).isZero();
  }

  @Test
  void theServiceIsExposedToLittle() throws Exception {
    OneRun rated =
        OneRun.of(
            List.of("systemd-analyze", "security", "--offline=true", "--no-pager", absolute(UNIT)),
            directory,
            Map.of());
    Matcher level =
        Pattern.compile("Overall exposure level for caravan.service: ([\\d.]+)")
            .matcher(rated.output());

    assertThat(level.find()).as(rated.output()).isTrue();
    assertThat(Double.parseDouble(level.group(1))).isLessThan(2);
  }

  private static String absolute(Path file) {
    return file.toAbsolutePath().toString();
  }
}
