package io.caravan.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Measures the processor time and memory of a process and its children, from {@code /proc}
 * (proc(5)). The process itself takes no part, so that every server is measured alike.
 */
public final class ProcessMeter {
  /**
   * The resources used.
   *
   * @param cpuNanos the user and system time
   * @param residentKiB the memory at the end
   */
  record Use(long cpuNanos, long residentKiB) {}

  /** The unit of the times in {@code stat}: USER_HZ is 100 on every Linux that Java runs on. */
  private static final long NANOS_PER_TICK = 10_000_000;

  private final long pid;
  private final long ticksAtStart;

  /**
   * Starts a measurement.
   *
   * @param pid the process, or 0 for a server without a process of its own
   */
  ProcessMeter(long pid) throws IOException {
    this.pid = pid;
    this.ticksAtStart = ticks();
  }

  Use stop() throws IOException {
    return new Use((ticks() - ticksAtStart) * NANOS_PER_TICK, residentKiB(pid));
  }

  static long residentKiB(long pid) throws IOException {
    return sum(pid, "VmRSS:");
  }

  /** Returns the most memory that the process has had, with what its children had at most. */
  static long mostKiB(long pid) throws IOException {
    return sum(pid, "VmHWM:");
  }

  private static long sum(long pid, String field) throws IOException {
    long sum = 0;
    for (long process : tree(pid)) {
      sum += status(process, field);
    }
    return sum;
  }

  /** Returns how many threads the process has. */
  public static long threads(long pid) throws IOException {
    return status(pid, "Threads:");
  }

  private long ticks() throws IOException {
    long sum = 0;
    for (long process : tree(pid)) {
      try {
        String stat = Files.readString(Path.of("/proc/" + process + "/stat"));
        // The name in brackets may contain spaces; field 3 follows it.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        sum += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
      } catch (NoSuchFileException e) {
        // A child has ended, and its time is lost.
      }
    }
    return sum;
  }

  private static long status(long pid, String field) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
      return lines
          .filter(line -> line.startsWith(field))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .sum();
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  private static List<Long> tree(long pid) {
    if (pid == 0) {
      return List.of();
    }
    return ProcessHandle.of(pid).stream()
        .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
        .map(ProcessHandle::pid)
        .toList();
  }
}
