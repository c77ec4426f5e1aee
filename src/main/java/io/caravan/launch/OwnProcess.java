package io.caravan.launch;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Caravan itself in another process, whose working directory is the directory of settings: so
 * nothing of the project's directory can be read, whatever a setting names.
 */
public final class OwnProcess {
  private static final String MAIN = "io.caravan.Caravan";

  private OwnProcess() {}

  /**
   * Runs a command in a directory, with the terminal of this process, to its end.
   *
   * @return its exit code
   * @throws IOException if it can't be started
   */
  public static int run(Path directory, List<String> command)
      throws IOException, InterruptedException {
    Places.make(directory);
    Process process =
        new ProcessBuilder(line(command)).directory(directory.toFile()).inheritIO().start();
    Thread end = new Thread(process::destroy, "caravan-end");
    Runtime.getRuntime().addShutdownHook(end);
    return process.waitFor();
  }

  /** Returns whether a directory is the working directory of this process. */
  public static boolean standsIn(Path directory) throws IOException {
    Path here = Path.of("").toAbsolutePath();
    return Files.exists(directory) && Files.isSameFile(here, directory);
  }

  /** Returns the command line of this same Java and these same classes. */
  static List<String> line(List<String> command) {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      // Not those of agents and debuggers, which hold a port or a file.
      if (option.startsWith("-X") || option.startsWith("-D")) {
        line.add(option);
      }
    }
    String classPath =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(entry -> !entry.isEmpty())
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .collect(Collectors.joining(File.pathSeparator));
    if (classPath.endsWith(".jar") && Files.isRegularFile(Path.of(classPath))) {
      line.addAll(List.of("-jar", classPath));
    } else {
      line.addAll(List.of("-cp", classPath, MAIN));
    }
    line.addAll(command);
    return line;
  }
}
