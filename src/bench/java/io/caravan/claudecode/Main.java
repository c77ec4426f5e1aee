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
import java.util.HashMap;
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
  private final Path work;
  private final String only;
  private int passed;
  private int failed;

  private Main(ScriptedUpstream upstream, Path work, String only) {
    this.upstream = upstream;
    this.work = work;
    this.only = only;
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
    Path work = Files.createDirectories(Path.of(arguments.get("work", "target/claude-code")));
    Path run = Files.createTempDirectory(work.toAbsolutePath(), "run-");
    Main main;
    try (ScriptedUpstream upstream = ScriptedUpstream.start(arguments.get("upstream-port", 0))) {
      upstream.answerElse(DayScenarios::search);
      main = new Main(upstream, run, arguments.get("only", ""));
      if (arguments.has("gateway")) {
        main.runAll(arguments, arguments.get("gateway", null));
      } else {
        try (CaravanProcess caravan = main.start(arguments, "gateway", Map.of())) {
          main.runAll(arguments, caravan.url());
        }
        main.runLedger(arguments);
        main.runSenses(arguments);
      }
    }
    System.exit(main.end());
  }

  private CaravanProcess start(Arguments arguments, String directory, Map<String, String> further) {
    Map<String, String> settings = new HashMap<>(further);
    settings.put("NIM_BASE_URL", upstream.url());
    settings.put("NVIDIA_API_KEY", Rules.UPSTREAM_KEY);
    settings.put("MODEL", "nim/scripted/model");
    settings.put("MODEL_FABLE", "nim/scripted/ending,nim/" + Rules.HEIR);
    settings.put("SEARXNG_URL", "http://127.0.0.1:" + upstream.port());
    return CaravanProcess.start(
        arguments.get("java", CaravanProcess.thisJava()),
        List.of(),
        Path.of(arguments.get("jar", "target/caravan.jar")),
        work.resolve(directory),
        settings);
  }

  private static ClaudeCode claude(Arguments arguments, String gateway) {
    return new ClaudeCode(Path.of(arguments.get("claude", "claude")), gateway, LIMIT);
  }

  /** Runs the scenarios that any gateway passes. */
  private void runAll(Arguments arguments, String gateway) throws InterruptedException {
    ClaudeCode claude = claude(arguments, gateway);
    List<Scenario> scenarios = new ArrayList<>(Scenarios.ALL);
    scenarios.addAll(DayScenarios.QUICK);
    if (arguments.has("all")) {
      scenarios.addAll(DayScenarios.FURTHER);
    }
    for (Scenario scenario : chosen(scenarios)) {
      run(claude, scenario);
    }
    if (arguments.has("all") && Terminal.NAME.contains(only)) {
      if (Terminal.available()) {
        tell(Terminal.NAME, runInTerminal(claude, work.resolve("terminal")));
      } else {
        OUT.println("left out: Claude Code " + Terminal.NAME + ": there is no util-linux script");
      }
    }
  }

  /** Runs the session whose gateway is started for it alone. */
  private void runLedger(Arguments arguments) throws InterruptedException {
    if (!LedgerScene.NAME.contains(only)) {
      return;
    }
    List<String> faults;
    try {
      faults =
          new LedgerScene(work.resolve("ledger"))
              .faults(
                  Path.of(arguments.get("claude", "claude")),
                  Path.of(arguments.get("jar", "target/caravan.jar")),
                  arguments.get("java", CaravanProcess.thisJava()));
    } catch (IOException | IllegalStateException e) {
      faults = List.of(String.valueOf(e.getMessage()));
    }
    tell(LedgerScene.NAME, faults);
  }

  /** Runs the scenarios before a gateway that has senses, which the others do without. */
  private void runSenses(Arguments arguments) throws InterruptedException {
    List<Scenario> scenarios = chosen(SensesScenarios.ALL);
    if (scenarios.isEmpty()) {
      return;
    }
    try (CaravanProcess caravan = start(arguments, "senses", SensesScenarios.SETTINGS)) {
      for (Scenario scenario : scenarios) {
        run(claude(arguments, caravan.url()), scenario);
      }
    }
  }

  private List<Scenario> chosen(List<Scenario> scenarios) {
    return scenarios.stream().filter(scenario -> scenario.name().contains(only)).toList();
  }

  private void run(ClaudeCode claude, Scenario scenario) throws InterruptedException {
    Path directory = work.resolve("scenario-" + (passed + failed + 1));
    tell(scenario.name(), faults(claude, scenario, directory));
  }

  /** Says how it has ended, and returns the exit code. */
  private int end() {
    OUT.println(passed + " passed, " + failed + " failed");
    if (failed > 0) {
      OUT.println("Logs and what Claude Code wrote: " + work);
    }
    return failed == 0 ? 0 : 1;
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

  private List<String> runInTerminal(ClaudeCode claude, Path directory)
      throws InterruptedException {
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

  private List<String> faults(ClaudeCode claude, Scenario scenario, Path directory)
      throws InterruptedException {
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
