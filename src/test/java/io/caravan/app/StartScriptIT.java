package io.caravan.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.testkit.OneRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code bin/caravan} says of a machine or a setting that is wrong, before there is a JVM. */
class StartScriptIT {
  @TempDir Path directory;

  private void fails(Map<String, String> environment, String words) throws Exception {
    String script = Path.of("bin/caravan").toAbsolutePath().toString();

    OneRun run = OneRun.of(List.of(script, "--version"), directory, environment);

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.output()).isEqualTo("caravan: " + words + "\n");
  }

  private Path java(String version) throws IOException {
    Path home = directory.resolve("java");
    Path program = Files.createDirectories(home.resolve("bin")).resolve("java");
    Files.writeString(program, "#!/bin/sh\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    return home;
  }

  @Test
  void namesAJavaThatIsNotThere() throws Exception {
    fails(Map.of("JAVA_HOME", "/none"), "JAVA_HOME is /none, which has no bin/java");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.8.0_412", "11.0.22", "16.0.2"})
  void namesAJavaThatIsTooOld(String version) throws Exception {
    Path home = java(version);
    String number = version.replaceFirst("\\..*", "");

    fails(
        Map.of("JAVA_HOME", home.toString()),
        home + "/bin/java is Java " + number + "; Caravan needs 17 or later");
  }

  @Test
  void namesAJarThatIsNotThere() throws Exception {
    fails(
        Map.of("JAVA_HOME", java("17.0.1").toString(), "CARAVAN_JAR", "/none.jar"),
        "there is no caravan.jar; build it (mvn -q -DskipTests package) or set CARAVAN_JAR");
  }

  @ParameterizedTest
  @ValueSource(strings = {"256", "lots", "1.5g", "-1m", "m"})
  void namesAHeapThatIsNoSize(String heap) throws Exception {
    Path jar = Files.createFile(directory.resolve("caravan.jar"));

    fails(
        Map.of(
            "JAVA_HOME", java("17.0.1").toString(),
            "CARAVAN_JAR", jar.toString(),
            "CARAVAN_HEAP", heap),
        "CARAVAN_HEAP is " + heap + "; it must be a size such as 256m or 1g");
  }
}
