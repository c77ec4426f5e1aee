package io.caravan.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Stops the servers of a comparison while another is measured: an idle one has timers, a compiler
 * and a collector of garbage that take some of the machine.
 */
final class Freezer {
  private Freezer() {}

  /** Stops a server and the processes that it has started, until {@link #thaw}. */
  static void freeze(Target target) {
    signal(target, "-STOP");
  }

  /** Lets a server run on. */
  static void thaw(Target target) {
    signal(target, "-CONT");
  }

  private static void signal(Target target, String signal) {
    ProcessHandle server = target.pid() == 0 ? null : ProcessHandle.of(target.pid()).orElse(null);
    if (server == null) {
      return;
    }
    List<String> command = new ArrayList<>(List.of("kill", signal));
    Stream.concat(Stream.of(server), server.descendants())
        .forEach(process -> command.add(String.valueOf(process.pid())));
    try {
      new ProcessBuilder(command).inheritIO().start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
