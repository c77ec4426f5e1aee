package io.caravan.attack;

import io.caravan.attack.Attack.Result;
import io.caravan.testkit.Arguments;
import io.caravan.testkit.CaravanProcess;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Repeats the attacks that have succeeded once, on a gateway that is started as a user starts it,
 * and prints what each did and does. {@code bench/attack.sh} describes its arguments.
 */
public final class Main {
  private static final PrintStream OUT = System.out;

  private final String java;
  private final Path jar;
  private final Path work;
  private final Duration time;
  private final String only;
  private int succeeded;

  private Main(Arguments arguments) throws IOException {
    java = arguments.get("java", CaravanProcess.thisJava());
    jar = Path.of(arguments.get("jar", "target/caravan.jar"));
    work = Files.createDirectories(Path.of(arguments.get("work", "target/attack")));
    time = Duration.ofSeconds(arguments.get("seconds", 60));
    only = arguments.get("only", "");
  }

  public static void main(String[] args) throws Exception {
    Main main =
        new Main(Arguments.parse(args, Set.of(), Set.of("java", "jar", "work", "seconds", "only")));
    main.run();
    System.exit(main.succeeded == 0 ? 0 : 1);
  }

  private void run() throws Exception {
    OUT.println("| attack | before | now |");
    OUT.println("|---|---|---|");
    try (Lab lab = Lab.start(java, jar, work, time, Map.of())) {
      for (Attack attack : shared()) {
        attempt(attack, lab);
      }
    }
    try (Lab lab =
        Lab.start(
            java, jar, work, time, Map.of("NIM_MAX_CONCURRENCY", "1", "NIM_RATE_LIMIT", "0"))) {
      attempt(
          new Attack(
              "60 made-up session ids in a queue; another key waits",
              "for all of them",
              LimitAttacks::madeUpSessions),
          lab);
    }
    attempt(
        new Attack(
            "keys that stand in documents; gateways that start",
            "all",
            lab -> LimitAttacks.publishedKeys(java, jar, work)),
        null);
  }

  /** Returns the attacks on one gateway; the last one stops it. */
  private static List<Attack> shared() {
    List<Attack> attacks = new ArrayList<>(EdgeAttacks.all());
    Attack last = attacks.remove(attacks.size() - 1);
    attacks.addAll(StreamAttacks.all());
    attacks.addAll(LimitAttacks.all());
    attacks.addAll(SecretAttacks.all());
    attacks.add(last);
    return attacks;
  }

  private void attempt(Attack attack, Lab lab) {
    if (!attack.name().contains(only)) {
      return;
    }
    Result result;
    try {
      result = attack.attempt().run(lab);
    } catch (Exception | AssertionError e) {
      result = new Result("could not be tried: " + e, false);
    }
    OUT.printf(
        "| %s | %s | %s%s |%n",
        attack.name(), attack.before(), result.now(), result.held() ? "" : " **SUCCEEDS**");
    succeeded += result.held() ? 0 : 1;
  }
}
