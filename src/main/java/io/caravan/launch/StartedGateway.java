package io.caravan.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A gateway that this command has started. It does not get the terminal's Ctrl-C, which is for
 * Claude Code, and outlives a closed terminal as long as another command uses it.
 */
final class StartedGateway {
  private static final long LONGEST_START_SECONDS = 120;
  private static final long PAUSE_MILLIS = 100;
  private static final long DRAIN_SECONDS = 15;

  /** The shell's words for a process that ignores these signals, as a JVM leaves them ignored. */
  private static final List<String> DEAF =
      List.of("/bin/sh", "-c", "trap '' INT QUIT HUP; exec \"$@\"", "sh");

  private final Process process;
  private final Path log;

  private StartedGateway(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts a gateway in the directory of settings; its log is a file.
   *
   * @throws IOException if it can't be started
   */
  static StartedGateway start(Places places) throws IOException {
    Places.make(places.config());
    Places.make(places.state());
    Path log = places.state().resolve("code.log");
    WholeFile.write(log, new byte[0]);
    List<String> line = new ArrayList<>();
    if (Files.isExecutable(Path.of(DEAF.get(0)))) {
      line.addAll(DEAF);
    }
    line.addAll(OwnProcess.line(List.of("serve")));
    ProcessBuilder builder = new ProcessBuilder(line).directory(places.config().toFile());
    builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    Process process = builder.start();
    process.getOutputStream().close();
    return new StartedGateway(process, log);
  }

  /**
   * Waits until it serves and has proved itself.
   *
   * @throws LaunchException if it ends before that; the message has its own words
   */
  GatewayFacts await(GatewayClient client, String model)
      throws LaunchException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_START_SECONDS);
    while (System.nanoTime() < deadline) {
      GatewayFacts facts = client.portIsTaken() ? client.facts(model) : null;
      if (facts != null) {
        return facts;
      }
      if (process.waitFor(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
        throw new LaunchException(lastWords());
      }
    }
    end();
    throw new LaunchException("The gateway was not ready in time; its log is " + log);
  }

  private String lastWords() {
    try {
      List<String> lines = Files.readAllLines(log);
      return lines.stream()
          .filter(line -> line.startsWith("Caravan did not start"))
          .findFirst()
          .orElse("The gateway has ended; its log is " + log);
    } catch (IOException e) {
      return "The gateway has ended, and its log can't be read: " + e;
    }
  }

  long pid() {
    return process.pid();
  }

  /** Ends it, by force if that takes long. */
  void end() {
    end(process.toHandle());
  }

  static void end(ProcessHandle process) {
    process.destroy();
    try {
      process.onExit().get(DRAIN_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      process.destroyForcibly();
    }
  }
}
