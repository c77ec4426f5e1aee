package io.caravan.load;

import io.caravan.testkit.OneRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Makes an archive for later starts, as docs/performance.md describes: classes that are already
 * loaded and linked, from Java 25 on with profiles of their methods.
 */
final class Archive {
  private static final int FIRST_WITH_PROFILES = 25;

  private Archive() {}

  /**
   * Makes an archive.
   *
   * @param directory the directory for the archive and for the log of making it
   * @return the JVM options to use it
   */
  static List<String> make(String java, List<String> jvm, Path jar, Path directory)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    boolean profiles = Integer.parseInt(Machine.javaVersion(java)) >= FIRST_WITH_PROFILES;
    Path archive = directory.resolve(profiles ? "caravan.aot" : "caravan.jsa").toAbsolutePath();
    List<String> command = new ArrayList<>(List.of(java));
    command.addAll(jvm);
    command.add((profiles ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + archive);
    command.add("-Dcamel.main.durationMaxSeconds=1");
    command.addAll(List.of("-jar", jar.toAbsolutePath().toString()));
    OneRun run = OneRun.of(command, directory, Map.of());
    if (!Files.exists(archive)) {
      throw new IOException("No archive was made: " + run.output());
    }
    return List.of((profiles ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=") + archive);
  }
}
