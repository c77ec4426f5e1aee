package io.caravan.claudecode;

import io.caravan.testkit.Arguments;
import io.caravan.testkit.CaravanProcess;
import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.ScriptedUpstream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Connects the real Claude Code, a gateway and a scripted model, and checks that the conversations
 * work. {@code bench/claude-code/run.sh} installs Claude Code and calls this.
 */
public final class Main {
  private static final PrintStream OUT = System.out;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final ScriptedUpstream upstream;
  private final ClaudeCode claude;
  private final Path work;
  private int passed;
  private int failed;

  private Main(ScriptedUpstream upstream, ClaudeCode claude, Path work) {
    this.upstream = upstream;
    this.claude = claude;
    this.work = work;
  }

  /**
   * Runs the scenarios. The arguments are {@code --claude COMMAND --work DIRECTORY [--all]} and
   * either {@code --jar caravan.jar [--java COMMAND]} or, for a gateway that runs already, {@code
   * --gateway URL --upstream-port N}. The upstream's server is the search service as well, so such
   * a gateway has its address as SEARXNG_URL.
   */
  public static void main(String[] args) throws Exception {
    Arguments arguments =
        Arguments.parse(
            args,
            Set.of("all"),
            Set.of("claude", "work", "jar", "java", "gateway", "upstream-port", "only"));
    Path claude = Path.of(arguments.get("claude", "claude"));
    Path work = Files.createDirectories(Path.of(arguments.get("work", "target/claude-code")));
    Path run = Files.createTempDirectory(work.toAbsolutePath(), "run-");
    List<Scenario> scenarios = new ArrayList<>(Scenarios.ALL);
    scenarios.addAll(DayScenarios.QUICK);
    boolean all = arguments.has("all");
    String only = arguments.get("only", "");
    if (all) {
      scenarios.addAll(DayScenarios.FURTHER);
    }
    int failed;
    try (ScriptedUpstream upstream = ScriptedUpstream.start(arguments.get("upstream-port", 0))) {
      upstream.answerElse(DayScenarios::search);
      if (arguments.has("gateway")) {
        ClaudeCode code = new ClaudeCode(claude, arguments.get("gateway", null), LIMIT);
        Main main = new Main(upstream, code, run);
        main.runAll(scenarios, all, only);
        failed = main.end();
      } else {
        try (CaravanProcess caravan = start(arguments, upstream, run)) {
          ClaudeCode code = new ClaudeCode(claude, caravan.url(), LIMIT);
          Main main = new Main(upstream, code, run);
          main.runAll(scenarios, all, only);
          main.runLedger(claude, arguments, only);
          failed = main.end();
        }
      }
    }
    System.exit(failed == 0 ? 0 : 1);
  }

  private static CaravanProcess start(Arguments arguments, ScriptedUpstream upstream, Path run) {
    return CaravanProcess.start(
        arguments.get("java", CaravanProcess.thisJava()),
        List.of(),
        Path.of(arguments.get("jar", "target/caravan.jar")),
        run.resolve("gateway"),
        Map.of(
            "NIM_BASE_URL",
            upstream.url(),
            "NVIDIA_API_KEY",
            Rules.UPSTREAM_KEY,
            "MODEL",
            "nim/scripted/model",
            "MODEL_FABLE",
            "nim/scripted/ending,nim/" + Rules.HEIR,
            "SEARXNG_URL",
            "http://127.0.0.1:" + upstream.port()));
  }

  private void runAll(List<Scenario> scenarios, boolean terminal, String only)
      throws InterruptedException {
    for (Scenario scenario : scenarios) {
      if (!scenario.name().contains(only)) {
        continue;
      }
      tell(scenario.name(), run(scenario, work.resolve("scenario-" + (passed + failed + 1))));
    }
    if (terminal && Terminal.NAME.contains(only)) {
      if (Terminal.available()) {
        tell(Terminal.NAME, runInTerminal(work.resolve("terminal")));
      } else {
        OUT.println("left out: Claude Code " + Terminal.NAME + ": there is no util-linux script");
      }
    }
  }

  /** Runs the session whose gateway is started for it alone. */
  private void runLedger(Path claude, Arguments arguments, String only)
      throws InterruptedException {
    if (!LedgerScene.NAME.contains(only)) {
      return;
    }
    List<String> faults;
    try {
      faults =
          new LedgerScene(work.resolve("ledger"))
              .faults(
                  claude,
                  Path.of(arguments.get("jar", "target/caravan.jar")),
                  arguments.get("java", CaravanProcess.thisJava()));
    } catch (IOException | IllegalStateException e) {
      faults = List.of(String.valueOf(e.getMessage()));
    }
    tell(LedgerScene.NAME, faults);
  }

  /** Prints the sums and returns how many scenarios failed. */
  private int end() {
    OUT.println(passed + " passed, " + failed + " failed");
    if (failed > 0) {
      OUT.println("Logs and what Claude Code wrote: " + work);
    }
    return failed;
  }

  private void tell(String name, List<String> faults) {
    if (faults.isEmpty()) {
      passed++;
      OUT.println("ok      Claude Code " + name);
    } else {
      failed++;
      OUT.println("FAILED  Claude Code " + name);
      faults.forEach(fault -> OUT.println("          " + fault));
    }
  }

  private List<String> runInTerminal(Path directory) throws InterruptedException {
    List<String> faults = new ArrayList<>();
    try {
      Files.createDirectories(directory);
      upstream.forget();
      faults.addAll(Terminal.faults(claude, upstream, directory));
    } catch (IOException e) {
      faults.add(String.valueOf(e.getMessage()));
    }
    faults.addAll(brokenRules());
    return faults;
  }

  private List<String> run(Scenario scenario, Path directory) throws InterruptedException {
    List<String> faults = new ArrayList<>();
    try {
      Files.createDirectories(directory);
      scenario.setup().write(directory);
      upstream.forget();
      upstream.answer(scenario.model().apply(directory));
      ClaudeCode.Run run = null;
      for (Scenario.Turn turn : scenario.turns()) {
        run = claude.ask(turn.prompt(), options(turn, run), turn.environment(), directory);
        if (run.exit() != 0 || run.result().path("is_error").asBoolean()) {
          faults.add("Claude Code ended with " + run.exit() + ": " + run.text() + run.stderr());
        }
      }
      List<ReceivedRequest> completions = upstream.completions();
      if (completions.isEmpty()) {
        faults.add("nothing reached the upstream");
      } else {
        scenario.check().run(new Scenario.Outcome(directory, run, completions), faults);
      }
    } catch (IOException | IllegalStateException e) {
      faults.add(String.valueOf(e.getMessage()));
    }
    faults.addAll(brokenRules());
    return faults;
  }

  private static List<String> options(Scenario.Turn turn, ClaudeCode.Run before) {
    return turn.options().stream()
        .map(
            option ->
                option.equals(Scenario.Turn.SESSION)
                    ? before.result().path("session_id").asText()
                    : option)
        .toList();
  }

  /** Returns each broken rule once, however many requests break it. */
  private Set<String> brokenRules() {
    Set<String> broken = new TreeSet<>();
    for (ReceivedRequest request : upstream.completions()) {
      broken.addAll(Rules.broken(request));
    }
    return broken;
  }
}
