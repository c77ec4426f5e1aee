package io.caravan.testkit;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Caravan's main class in a process of its own, on the class path of the tests, since the jar is
 * built after them.
 *
 * @param output standard output and error together
 */
public record OneRun(int exit, String output) {
  private static final long LIMIT_SECONDS = 120;

  /** Copies the project's routes and settings into a directory. */
  public static void copyApplication(Path directory) throws IOException {
    Files.copy(Path.of("application.properties"), directory.resolve("application.properties"));
    try (Stream<Path> files = Files.walk(Path.of("routes"))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path target = directory.resolve(file.toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }

  /** Runs a command to its end in a directory with routes and settings. */
  public static OneRun of(Path directory, Map<String, String> settings, String... command)
      throws IOException, InterruptedException {
    return of(commandLine(command), directory, settings);
  }

  /** Starts a command in such a directory, for a test that ends it. Its output goes to a file. */
  public static Process start(Path directory, Map<String, String> settings, String... command)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(commandLine(command))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(Files.createTempFile(directory, "run", ".log").toFile());
    CaravanProcess.inherit(builder.environment(), settings);
    return builder.start();
  }

  /**
   * Starts a command as the runnable jar would, which has the project's routes and settings in it,
   * in a directory that may be empty.
   *
   * @param log the file of its output
   */
  public static Process start(
      Path directory, Map<String, String> settings, Path log, List<String> command)
      throws IOException {
    Path jar = directory.resolveSibling(directory.getFileName() + "-bundled.jar");
    bundle(jar);
    List<String> line = with(jar, commandLine(command.toArray(String[]::new)));
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    CaravanProcess.inherit(builder.environment(), settings);
    return builder.start();
  }

  /** Makes a jar of the project's routes and settings, as the runnable jar has them in it. */
  public static void bundle(Path jar) throws IOException {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> routes = Files.walk(Path.of("routes"))) {
      Stream<Path> files = Stream.concat(Stream.of(Path.of("application.properties")), routes);
      for (Path file : (Iterable<Path>) files::iterator) {
        boolean folder = Files.isDirectory(file);
        out.putNextEntry(new JarEntry(file + (folder ? "/" : "")));
        if (!folder) {
          Files.copy(file, out);
        }
      }
    }
  }

  /** Runs another command line to its end. */
  public static OneRun of(List<String> command, Path directory, Map<String, String> settings)
      throws IOException, InterruptedException {
    Path log = Files.createTempFile(directory, "run", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    CaravanProcess.inherit(builder.environment(), settings);
    Process process = builder.start();
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running after " + LIMIT_SECONDS + " s: " + read(log));
    }
    return new OneRun(process.exitValue(), read(log));
  }

  /** Starts serving in such a directory. */
  public static CaravanProcess serve(Path directory, Map<String, String> settings) {
    return CaravanProcess.start(commandLine(), directory, settings);
  }

  /** The same with options of the JVM, which take precedence over the usual ones. */
  public static CaravanProcess serve(
      Path directory, Map<String, String> settings, String... jvmOptions) {
    List<String> line = commandLine();
    line.addAll(line.indexOf("-cp"), List.of(jvmOptions));
    return CaravanProcess.start(line, directory, settings);
  }

  /**
   * The same before a scripted upstream, whose calls have no limit.
   *
   * @param more further settings
   */
  public static CaravanProcess serveBefore(
      ScriptedUpstream upstream, Path directory, Map<String, String> more, String... jvmOptions) {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("NIM_BASE_URL", upstream.url());
    settings.put("NIM_RATE_LIMIT", "0");
    settings.put("MODEL", "nim/test/model");
    return serve(directory, settings, jvmOptions);
  }

  /** The same with a jar of bundled files at the end of the class path. */
  public static CaravanProcess serve(Path directory, Map<String, String> settings, Path bundled) {
    return CaravanProcess.start(with(bundled, commandLine()), directory, settings);
  }

  /** Puts a jar at the end of the class path, behind what the archive of classes is of. */
  private static List<String> with(Path jar, List<String> line) {
    int classPath = line.indexOf("-cp") + 1;
    line.set(classPath, line.get(classPath) + File.pathSeparator + jar);
    return line;
  }

  /**
   * Returns the class path of this process without the tests, and without the separator that
   * Surefire ends it with: an empty entry is the working directory.
   */
  public static String classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> !entry.isEmpty() && !Path.of(entry).endsWith("test-classes"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /**
   * Returns the directory of what the runnable jar has beside the library: its log. It stands at
   * the end of a class path, behind what an archive of classes is of.
   */
  public static String applicationFiles() {
    return Path.of("src/main/application").toAbsolutePath().toString();
  }

  private static List<String> commandLine(String... command) {
    List<String> line = new ArrayList<>();
    line.add(CaravanProcess.thisJava());
    line.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    line.addAll(RunArchive.options(List.copyOf(line), classPath()));
    String all = classPath() + File.pathSeparator + applicationFiles();
    line.addAll(List.of("-cp", all, "io.caravan.Caravan"));
    line.addAll(Arrays.asList(command));
    return line;
  }

  private static String read(Path log) throws IOException {
    return Files.readString(log);
  }
}
