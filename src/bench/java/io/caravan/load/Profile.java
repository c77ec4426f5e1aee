package io.caravan.load;

import io.caravan.testkit.Arguments;
import io.caravan.testkit.CaravanProcess;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Profiles Caravan under one kind of load: makes a flight recording of a warm process and prints
 * its hottest methods. {@code bench/profile.sh} describes its arguments.
 */
public final class Profile {
  private static final PrintStream OUT = System.out;

  /** The loads by name, which are those of the comparison in {@link Bench}. */
  private static final Map<String, Load> LOADS =
      Map.of(
          "events", new Load(8, new Tokens.Order(200, 0), true, 0),
          "paced", new Load(50, new Tokens.Order(40, 50_000), true, 0),
          "small", new Load(4, new Tokens.Order(1, 1), true, 0),
          "large", new Load(2, new Tokens.Order(1, 1), true, 100_000),
          "whole", new Load(8, new Tokens.Order(20, 0), false, 0));

  private record Load(int connections, Tokens.Order order, boolean stream, int bodyBytes) {
    Workload workload(Duration warm, Duration measured) {
      return new Workload(connections, order, stream, bodyBytes, warm, measured);
    }
  }

  private Profile() {}

  public static void main(String[] args) throws Exception {
    String name = args.length == 0 || args[0].startsWith("--") ? "events" : args[0];
    Load load = LOADS.get(name);
    if (load == null) {
      throw new IllegalArgumentException(name + " is none of " + LOADS.keySet());
    }
    List<String> options = new ArrayList<>(List.of(args));
    options.remove(name);
    Arguments arguments =
        Arguments.parse(
            options.toArray(String[]::new),
            Set.of(),
            Set.of("jar", "java", "jvm", "seconds", "warm", "top", "work"));
    String java = arguments.get("java", CaravanProcess.thisJava());
    Path work = Files.createDirectories(Path.of(arguments.get("work", "target/profile")));
    Path recording = work.resolve(name + ".jfr").toAbsolutePath();
    String jvm = arguments.get("jvm", "");
    try (FastUpstream upstream = FastUpstream.start(0);
        Peer caravan =
            Peer.caravan(
                "Caravan, Java " + Machine.javaVersion(java),
                java,
                jvm.isBlank() ? List.of() : List.of(jvm.split(" ", -1)),
                Path.of(arguments.get("jar", "target/caravan.jar")),
                upstream,
                Files.createTempDirectory(work.toAbsolutePath(), "run-"))) {
      run(caravan.target(), load, arguments, java, recording);
    }
    HotMethods.print(recording, arguments.get("top", 30), OUT);
  }

  private static void run(
      Target target, Load load, Arguments arguments, String java, Path recording)
      throws IOException, InterruptedException {
    Duration warm = Duration.ofSeconds(arguments.get("warm", 20));
    Duration time = Duration.ofSeconds(arguments.get("seconds", 10));
    OUT.println(target.name() + " is process " + target.pid() + "; warming up");
    Driver.run(target, load.workload(Duration.ofSeconds(1), warm));
    jcmd(java, target.pid(), "JFR.start", "name=load", "settings=profile");
    Driver.Report report = Driver.run(target, load.workload(Duration.ofSeconds(1), time));
    jcmd(java, target.pid(), "JFR.stop", "name=load", "filename=" + recording);
    OUT.printf(
        Locale.ROOT,
        "CPU per event %.2f µs, per request %.0f µs; %,.0f events/s, %,.0f requests/s; recorded in %s%n",
        report.microsPerEvent(),
        report.microsPerRequest(),
        report.eventsPerSecond(),
        report.requestsPerSecond(),
        recording);
    report.broken().forEach((how, times) -> OUT.println("BROKEN " + times + " times: " + how));
  }

  private static void jcmd(String java, long pid, String... command)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(java).toRealPath().resolveSibling("jcmd").toString());
    line.add(String.valueOf(pid));
    line.addAll(List.of(command));
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(String.join(" ", line) + ": " + said);
    }
  }
}
