package io.caravan.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a first start leaves for later ones, as docs/performance.md tells to make it: classes that
 * are loaded and linked already, from Java 25 on with profiles of their methods.
 */
final class Archive {
  private static final int FIRST_WITH_PROFILES = 25;
  private static final long LIMIT_SECONDS = 120;

  private Archive() {}

  /**
   * Makes one.
   *
   * @param directory for the archive and the log of making it
   * @return the options of the JVM that use it
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
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("archive.log").toFile());
    builder.environment().putAll(Map.of("CARAVAN_PORT", "0", "CARAVAN_MANAGEMENT_PORT", "0"));
    Process process = builder.start();
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || !Files.exists(archive)) {
      process.destroyForcibly();
      throw new IOException("No archive was made, see " + directory.resolve("archive.log"));
    }
    return List.of((profiles ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=") + archive);
  }
}
