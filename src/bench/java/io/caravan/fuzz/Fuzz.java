package io.caravan.fuzz;

import io.caravan.testkit.Arguments;
import io.caravan.testkit.CaravanProcess;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Gives each {@link Target} malformed input for a given time. {@code bench/fuzz.sh} describes its
 * arguments.
 */
public final class Fuzz {
  private static final PrintStream OUT = System.out;
  private static final int SHOWN = 10;

  /** The longest time for one input: more would be a hang, or the means of an attack. */
  private static final Duration LIMIT = Duration.ofSeconds(1);

  private final String name;
  private final Target target;
  private long tries;
  private long finds;
  private Duration slowest = Duration.ZERO;

  private Fuzz(String name, Target target) {
    this.name = name;
    this.target = target;
  }

  /** Makes a target that may need to be started. */
  private interface Maker {
    Target make() throws IOException;
  }

  public static void main(String[] args) throws Exception {
    Arguments arguments =
        Arguments.parse(
            args, Set.of(), Set.of("seconds", "seed", "tries", "only", "jar", "java", "work"));
    Path work = Files.createDirectories(Path.of(arguments.get("work", "target/fuzz")));
    Map<String, Maker> makers = new LinkedHashMap<>();
    makers.put("request", RequestTarget::new);
    makers.put("stream", StreamTarget::new);
    makers.put(
        "gateway",
        () ->
            new GatewayTarget(
                arguments.get("java", CaravanProcess.thisJava()),
                Path.of(arguments.get("jar", "target/caravan.jar")),
                work));
    if (arguments.has("only")) {
      makers.keySet().retainAll(Set.of(arguments.get("only", "")));
    }
    long seed = Long.parseLong(arguments.get("seed", String.valueOf(System.nanoTime())));
    Duration each = Duration.ofSeconds(arguments.get("seconds", 600)).dividedBy(makers.size());
    long most = arguments.get("tries", Integer.MAX_VALUE);
    boolean sound = true;
    for (Map.Entry<String, Maker> maker : makers.entrySet()) {
      try (Target target = maker.getValue().make()) {
        sound &= new Fuzz(maker.getKey(), target).run(seed, each, most);
      }
    }
    System.exit(sound ? 0 : 1);
  }

  /** Tries inputs, each with a seed of its own: the next number. */
  private boolean run(long firstSeed, Duration time, long most) throws Exception {
    long until = System.nanoTime() + time.toNanos();
    for (long seed = firstSeed; tries < most && System.nanoTime() < until; seed++) {
      tries++;
      tryOnce(seed);
    }
    OUT.printf(
        "%s: %d tries from seed %d, slowest %d ms, %d finds%n",
        name, tries, firstSeed, slowest.toMillis(), finds);
    return finds == 0 && tries > 0;
  }

  private void tryOnce(long seed) throws Exception {
    long start = clock();
    List<String> faults;
    try {
      faults = target.tryOnce(new Random(seed));
    } catch (RuntimeException | StackOverflowError | AssertionError e) {
      faults = List.of(e + " at " + List.of(e.getStackTrace()).subList(0, 4));
    }
    Duration took = Duration.ofNanos(clock() - start);
    if (took.compareTo(slowest) > 0) {
      slowest = took;
    }
    if (faults.isEmpty() && took.compareTo(LIMIT) > 0 && isSlow(seed)) {
      faults = List.of("took " + took.toMillis() + " ms");
    }
    if (!faults.isEmpty() && finds++ < SHOWN) {
      OUT.printf(
          "FOUND by bench/fuzz.sh --only %s --seed %d --tries 1%n  %s%n",
          name, seed, String.join("\n  ", faults));
    }
  }

  /** Returns whether a try is slow repeatedly: a gateway that has just started may be slow once. */
  private boolean isSlow(long seed) throws Exception {
    for (int again = 0; again < 2; again++) {
      long start = clock();
      target.tryOnce(new Random(seed));
      if (clock() - start < LIMIT.toNanos()) {
        return false;
      }
    }
    return true;
  }

  /** Returns nanoseconds, of processor time if the target only computes, whatever else runs. */
  private long clock() {
    return target.onlyComputes()
        ? ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime()
        : System.nanoTime();
  }
}
