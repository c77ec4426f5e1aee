package io.caravan.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Caravan as a user runs it: the runnable jar in a process of its own, on its own ports, in an
 * empty directory, with only the given settings and none of the test's environment.
 */
public final class CaravanProcess implements AutoCloseable {
  private static final Pattern READY =
      Pattern.compile("Caravan is ready on (https?://[^\\s\\u001b\"]+)");
  private static final Duration START_LIMIT = Duration.ofMinutes(3);

  private final Process process;
  private final Path log;
  private final String url;
  private final int managementPort;

  private CaravanProcess(Process process, Path log, String url, int managementPort) {
    this.process = process;
    this.log = log;
    this.url = url;
    this.managementPort = managementPort;
  }

  /**
   * Starts the jar and waits until it logs that it is ready.
   *
   * @param java the {@code java} command
   * @param directory the directory in which it runs and writes its log, created if absent
   * @param settings environment variables; ports are chosen unless these set them
   * @throws IllegalStateException if it ends or does not get ready; has the end of the log
   */
  public static CaravanProcess start(
      String java,
      List<String> jvmOptions,
      Path jar,
      Path directory,
      Map<String, String> settings) {
    List<String> command = new ArrayList<>(List.of(java));
    command.addAll(jvmOptions);
    command.addAll(List.of("-jar", jar.toAbsolutePath().toString()));
    return start(command, directory, settings);
  }

  /**
   * Starts another command line that serves the routes and logs that it is ready: the Camel CLI, an
   * export.
   */
  public static CaravanProcess start(
      List<String> command, Path directory, Map<String, String> settings) {
    try {
      Files.createDirectories(directory);
      Path log = directory.resolve("caravan.log");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      inherit(builder.environment(), settings);
      Process process = builder.start();
      try {
        return new CaravanProcess(
            process,
            log,
            awaitReady(process, log),
            Integer.parseInt(builder.environment().get("CARAVAN_MANAGEMENT_PORT")));
      } catch (RuntimeException e) {
        process.destroyForcibly();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the {@code java} command that runs this process. */
  public static String thisJava() {
    return System.getProperty("java.home") + File.separator + "bin" + File.separator + "java";
  }

  /** Returns {@code http://HOST:PORT} from its log. */
  public String url() {
    return url;
  }

  /** Returns the port of health and metrics. */
  public int managementPort() {
    return managementPort;
  }

  /** Sends SIGTERM, and does not wait. */
  public void terminate() {
    process.destroy();
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public Path log() {
    return log;
  }

  /** Ends it by SIGTERM, and by force if that takes long. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  public static void inherit(Map<String, String> environment, Map<String, String> settings)
      throws IOException {
    environment
        .keySet()
        .removeIf(
            name ->
                name.startsWith("CARAVAN_")
                    || name.startsWith("MODEL")
                    || name.startsWith("NIM_")
                    || name.startsWith("JAVA_TOOL")
                    || name.endsWith("_API_KEY"));
    environment.put("CARAVAN_PORT", String.valueOf(Ports.free()));
    environment.put("CARAVAN_MANAGEMENT_PORT", String.valueOf(Ports.free()));
    // A scripted upstream gets the test's requests only.
    environment.put("CARAVAN_MODELS_LIST", "false");
    environment.putAll(settings);
  }

  private static String awaitReady(Process process, Path log) throws IOException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (System.nanoTime() < deadline) {
      String text = Files.readString(log);
      Matcher ready = READY.matcher(text);
      if (ready.find()) {
        return ready.group(1);
      }
      if (!process.isAlive()) {
        throw new IllegalStateException(
            "Caravan ended with " + process.exitValue() + " before it was ready:\n" + end(text));
      }
      sleep();
    }
    throw new IllegalStateException(
        "Caravan was not ready after " + START_LIMIT + ":\n" + end(Files.readString(log)));
  }

  private static String end(String text) {
    return text.substring(Math.max(0, text.length() - 4000));
  }

  private static void sleep() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while Caravan starts", e);
    }
  }
}
