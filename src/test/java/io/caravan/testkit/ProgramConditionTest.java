package io.caravan.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class ProgramConditionTest {
  @NeedsProgram("some-program")
  private static final class Asking {}

  @NeedsProgram(value = "some-program", requiredInCi = true)
  private static final class AskingInCi {}

  private static final NeedsProgram ASKED = Asking.class.getAnnotation(NeedsProgram.class);
  private static final NeedsProgram REQUIRED = AskingInCi.class.getAnnotation(NeedsProgram.class);

  @TempDir Path folder;
  @TempDir Path empty;

  @BeforeEach
  void install() throws Exception {
    Files.createFile(
        folder.resolve("some-program"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    // It can't be executed.
    Files.createFile(empty.resolve("some-program"));
  }

  private String path() {
    return empty + ":" + folder;
  }

  @Test
  void testsRunWhereTheirProgramIs() {
    Map<String, String> environment = Map.of("PATH", path(), "CI", "true");

    assertThat(ProgramCondition.evaluate(ASKED, environment).isDisabled()).isFalse();
    assertThat(ProgramCondition.evaluate(REQUIRED, environment).isDisabled()).isFalse();
  }

  @Test
  void testsAreSkippedWhereItIsNot() {
    assertThat(ProgramCondition.evaluate(ASKED, Map.of("PATH", empty.toString())).isDisabled())
        .isTrue();
    assertThat(ProgramCondition.evaluate(ASKED, Map.of("CI", "true")).getReason())
        .contains("some-program is not on the PATH");
    assertThat(ProgramCondition.evaluate(REQUIRED, Map.of()).isDisabled()).isTrue();
  }

  @Test
  void testsFailWhereCiMustHaveIt() {
    assertThatThrownBy(() -> ProgramCondition.evaluate(REQUIRED, Map.of("CI", "true")))
        .hasMessageContaining("some-program is not on the PATH");
  }
}
