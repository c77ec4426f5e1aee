package io.caravan.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The archive of classes from which the tests' processes start, in two thirds of the time: some
 * hundred of them start. The first one of a build makes it. The JVM archives the classes of jars
 * only: without the library's jar on the class path there is none, and a start takes longer.
 */
final class RunArchive {
  private static List<String> known;

  private RunArchive() {}

  /**
   * Returns the further options of the JVM for its first ones and a class path; none without jars.
   */
  static synchronized List<String> options(List<String> java, String classPath) {
    try {
      if (known == null) {
        Path archive = of(java, classPath);
        known =
            archive == null
                ? List.of()
                : List.of(
                    "-XX:SharedArchiveFile=" + archive, "-Xlog:disable", "-Xlog:all=error:stderr");
      }
      return known;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path of(List<String> java, String classPath) throws IOException {
    long newest = 0;
    for (String entry : classPath.split(File.pathSeparator, -1)) {
      if (!Files.isRegularFile(Path.of(entry))) {
        return null;
      }
      newest = Math.max(newest, Files.getLastModifiedTime(Path.of(entry)).toMillis());
    }
    Path folder = Files.createDirectories(Path.of("target/runs").toAbsolutePath());
    String version = System.getProperty("java.version");
    Path archive = folder.resolve(version + ".jsa");
    try (FileChannel lock =
            FileChannel.open(
                folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock held = lock.lock()) {
      if (held.isValid() && archive.toFile().lastModified() < newest) {
        make(java, classPath, archive);
      }
    }
    return archive;
  }

  private static void make(List<String> java, String classPath, Path archive) throws IOException {
    Path directory = Files.createTempDirectory("rehearsal");
    OneRun.copyApplication(directory);
    Path made = directory.resolve("made.jsa");
    List<String> line = new ArrayList<>(java);
    line.addAll(List.of("-XX:ArchiveClassesAtExit=" + made, "-Xlog:disable", "-cp", classPath));
    line.addAll(List.of("io.caravan.Caravan", "rehearse"));
    try {
      OneRun run = OneRun.of(line, directory, Map.of());
      if (run.exit() != 0) {
        throw new AssertionError("The rehearsal has failed: " + run.output());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    Files.move(made, archive, StandardCopyOption.REPLACE_EXISTING);
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted((a, b) -> b.compareTo(a)).map(Path::toFile).forEach(File::delete);
    }
  }
}
