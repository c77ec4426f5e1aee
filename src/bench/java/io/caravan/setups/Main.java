package io.caravan.setups;

import io.caravan.gateway.WrongSetup;
import io.caravan.testkit.CaravanProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Measures how long the user of each wrong set-up waits for its message: from the start of the
 * process to the line, in seconds and in processor time. Arguments: {@code [--only WORDS] --
 * COMMAND THAT STARTS CARAVAN}.
 */
public final class Main {
  private static final long PATIENCE_SECONDS = 60;
  private static final double GOAL_SECONDS = 2;

  private record Wait(String row, double seconds, double processor) {}

  private Main() {}

  /** Prints a line for each set-up, the slowest last. */
  public static void main(String[] args) throws Exception {
    List<String> words = Arrays.asList(args);
    List<String> starter = words.subList(words.indexOf("--") + 1, words.size());
    String only = words.get(0).equals("--only") ? words.get(1) : "";
    List<Wait> waits = new ArrayList<>();
    for (String row : WrongSetup.rows()) {
      if (row.contains(only)) {
        waits.add(measured(row, starter));
      }
    }
    waits.sort(Comparator.comparingDouble(Wait::seconds));
    System.out.println("seconds  processor  wrong");
    for (Wait wait : waits) {
      System.out.printf(
          Locale.ROOT, "%7.2f  %9.2f  %s%n", wait.seconds(), wait.processor(), wait.row());
    }
    long slow = waits.stream().filter(wait -> !(wait.seconds() <= GOAL_SECONDS)).count();
    System.out.printf(
        Locale.ROOT,
        "%d set-ups, %d later than %.0f s; median %.2f s%n",
        waits.size(),
        slow,
        GOAL_SECONDS,
        waits.get(waits.size() / 2).seconds());
    System.exit(slow == 0 ? 0 : 1);
  }

  private static Wait measured(String row, List<String> starter) throws Exception {
    Path home = Files.createTempDirectory("caravan-setup");
    Path directory = Files.createDirectory(home.resolve("here"));
    Pattern said =
        Pattern.compile(Pattern.quote(WrongSetup.words(row)).replace("…", "\\E[^\\n]*\\Q"));
    try (WrongSetup setup = WrongSetup.make(row, directory)) {
      List<String> command = new ArrayList<>(starter);
      command.addAll(setup.command());
      ProcessBuilder builder =
          new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
      CaravanProcess.inherit(builder.environment(), setup.variables());
      if (System.getenv("CARAVAN_ARCHIVE") != null) {
        builder.environment().put("CARAVAN_ARCHIVE", System.getenv("CARAVAN_ARCHIVE"));
      }
      long begin = System.nanoTime();
      Process process = builder.start();
      try {
        return wait(row, process, begin, said);
      } finally {
        process.destroyForcibly().waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
      }
    } finally {
      delete(home);
    }
  }

  /** Reads what a process says, until it has said the words or has ended. */
  private static Wait wait(String row, Process process, long begin, Pattern said)
      throws IOException {
    StringBuilder read = new StringBuilder();
    byte[] bytes = new byte[8192];
    InputStream out = process.getInputStream();
    Thread limit = limit(process);
    try {
      for (int n = out.read(bytes); n > 0; n = out.read(bytes)) {
        read.append(new String(bytes, 0, n, StandardCharsets.UTF_8));
        if (said.matcher(read).find()) {
          double seconds = (System.nanoTime() - begin) / 1e9;
          return new Wait(row, seconds, processor(process));
        }
      }
    } finally {
      limit.interrupt();
    }
    System.err.println(row + " is not told, but:\n" + read);
    return new Wait(row, Double.NaN, Double.NaN);
  }

  /** Ends a process that says nothing, so that reading ends. */
  private static Thread limit(Process process) {
    Thread thread =
        new Thread(
            () -> {
              try {
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                  process.destroyForcibly();
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Returns the processor time so far; not a number where the process has gone. */
  private static double processor(Process process) {
    return process
        .info()
        .totalCpuDuration()
        .map(Duration::toMillis)
        .map(ms -> ms / 1e3)
        .orElse(Double.NaN);
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      System.err.println(folder + " stays: " + e.getMessage());
    }
  }
}
