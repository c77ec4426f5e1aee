package io.caravan.jmh;

import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.RequestReader;
import io.caravan.tokens.JtokkitTokenCounter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Measures the processor time to count all requests of a conversation of forty turns, each of which
 * repeats the turns before: by Caravan with and without its cache, and by Python's tiktoken. {@code
 * bench/tokens.sh} calls it.
 */
public final class ConversationCount {
  private static final int TURNS = 40;
  private static final int CONVERSATIONS = 9;
  private static final int WARM_UP = 40;

  private ConversationCount() {}

  /**
   * Measures and prints a table.
   *
   * @param args a directory for the requests, then the command that counts them in Python; without
   *     one only Caravan is measured
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    for (int i = 0; i < WARM_UP; i++) {
      List<MessagesRequest> requests = read(bodies(1_000 + i));
      millis(requests, ConversationCount::remembering);
      millis(requests, ConversationCount::forgetful);
    }
    List<Double> remembering = new ArrayList<>();
    List<Double> forgetful = new ArrayList<>();
    Path directory = Path.of(args[0]);
    for (int i = 0; i < CONVERSATIONS; i++) {
      List<byte[]> bodies = bodies(i);
      write(bodies, Files.createDirectories(directory.resolve(String.valueOf(i))));
      remembering.add(millis(read(bodies), ConversationCount::remembering));
      forgetful.add(millis(read(bodies), ConversationCount::forgetful));
    }
    double python = args.length > 1 ? python(List.of(args).subList(1, args.length)) : Double.NaN;
    double caravan = median(remembering);
    System.out.println("| a conversation of 40 turns, CPU (ms) | | of tiktoken's |");
    System.out.println("|---|---:|---:|");
    row("Python tiktoken, each segment, no cache", python, python);
    row("Caravan, jtokkit without the cache", median(forgetful), python);
    row("Caravan", caravan, python);
    System.out.printf(
        Locale.ROOT, "%nThe goal is 1/25 of tiktoken's; this is 1/%.0f.%n", python / caravan);
  }

  private static void row(String what, double millis, double python) {
    System.out.printf(Locale.ROOT, "| %s | %.1f | %.3f |%n", what, millis, millis / python);
  }

  private static List<byte[]> bodies(long seed) {
    List<byte[]> bodies = new ArrayList<>();
    for (int turns = 1; turns <= TURNS; turns++) {
      bodies.add(Requests.conversation(turns, seed));
    }
    return bodies;
  }

  private static List<MessagesRequest> read(List<byte[]> bodies) {
    RequestReader reader = new RequestReader();
    return bodies.stream().map(reader::read).toList();
  }

  private static void write(List<byte[]> bodies, Path directory) throws IOException {
    for (int i = 0; i < bodies.size(); i++) {
      Files.write(directory.resolve(i + ".json"), bodies.get(i));
    }
  }

  private static JtokkitTokenCounter remembering() {
    return new JtokkitTokenCounter();
  }

  private static JtokkitTokenCounter forgetful() {
    JtokkitTokenCounter counter = remembering();
    counter.setCacheSize(0);
    return counter;
  }

  /** Measures with a new counter, which has seen nothing of the conversation at its beginning. */
  private static double millis(
      List<MessagesRequest> requests, Supplier<JtokkitTokenCounter> counters) {
    JtokkitTokenCounter counter = counters.get();
    // The vocabulary is loaded before the first request.
    counter.count(read(List.of(Requests.conversation(1, -1))).get(0), "nobody");
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long from = threads.getCurrentThreadCpuTime();
    for (MessagesRequest request : requests) {
      counter.count(request, "tenant");
    }
    return (threads.getCurrentThreadCpuTime() - from) / 1e6;
  }

  private static double python(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(String.join(" ", command) + " failed");
    }
    return median(
        said.lines().map(line -> Double.valueOf(line.substring(0, line.indexOf('\t')))).toList());
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElse(Double.NaN);
  }
}
