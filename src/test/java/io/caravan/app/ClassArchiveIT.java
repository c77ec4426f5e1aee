package io.caravan.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.testkit.CaravanProcess;
import io.caravan.testkit.OneRun;
import io.caravan.testkit.Slow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/caravan} with the runnable jar, which {@code mvn verify} has packaged before. */
@Timeout(600)
@Slow
class ClassArchiveIT {
  private static final String FROM_ARCHIVE = "io.caravan.Caravan source: shared objects file";

  @TempDir Path directory;
  private Path jar;
  private Path archives;

  @BeforeEach
  void copyJar() throws IOException {
    jar = Files.copy(Path.of("target/caravan.jar"), directory.resolve("caravan.jar"));
    archives = directory.resolve("archives");
  }

  @Test
  void aStartReadsTheArchiveUntilTheJarChangesAndThenMakesAnother() throws Exception {
    OneRun made = run("archive");
    assertThat(made.exit()).as(made.output()).isZero();
    Path first = Path.of(made.output().strip());
    assertThat(archives()).containsExactly(first);
    assertThat(classesOf("--version")).contains(FROM_ARCHIVE);

    Files.setLastModifiedTime(jar, FileTime.from(Instant.EPOCH));
    assertThat(classesOf("--version"))
        .contains("io.caravan.Caravan source:")
        .doesNotContain(FROM_ARCHIVE);

    try (CaravanProcess caravan = serve()) {
      await()
          .atMost(Duration.ofMinutes(5))
          .untilAsserted(() -> assertThat(archives()).hasSize(1).doesNotContain(first));
      assertThat(caravan.isAlive()).isTrue();
    }
    assertThat(classesOf("--version")).contains(FROM_ARCHIVE);

    Files.writeString(archives().get(0), "no archive");
    assertThat(run("--version").output()).matches("Caravan \\S+\\R");
  }

  @Test
  void itStartsWhereNoArchiveCanBeKept() throws Exception {
    Files.writeString(archives, "a file where the directory should be");
    assertThat(run("--version").output()).matches("Caravan \\S+\\R");
    try (CaravanProcess caravan = serve()) {
      assertThat(Files.readAllLines(caravan.log())).noneMatch(line -> line.contains("archive"));
    }
    OneRun archive = run("archive");
    assertThat(archive.exit()).isEqualTo(1);
    assertThat(archive.output()).contains("caravan: no archive was made: ");
  }

  private CaravanProcess serve() {
    return CaravanProcess.start(command("serve"), directory.resolve("work"), settings(""));
  }

  private OneRun run(String command) throws IOException, InterruptedException {
    return OneRun.of(command(command), directory, settings(""));
  }

  /** Returns the log of the classes that a command has loaded, with the source of each. */
  private String classesOf(String command) throws IOException, InterruptedException {
    Path log = directory.resolve("classes.log");
    OneRun run = OneRun.of(command(command), directory, settings("-Xlog:class+load:file=" + log));
    assertThat(run.exit()).as(run.output()).isZero();
    return Files.readString(log);
  }

  private static List<String> command(String command) {
    return List.of(Path.of("bin/caravan").toAbsolutePath().toString(), command);
  }

  private Map<String, String> settings(String jvmOptions) {
    return Map.of(
        "CARAVAN_JAR", jar.toString(),
        "CARAVAN_ARCHIVE", archives.toString(),
        "CARAVAN_JAVA_OPTIONS", jvmOptions);
  }

  private List<Path> archives() throws IOException {
    try (Stream<Path> files = Files.list(archives)) {
      return files.filter(file -> file.toString().endsWith(".archive")).toList();
    }
  }
}
