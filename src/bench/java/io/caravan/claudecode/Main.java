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

  private Main(ScriptedUpstream upstream, ClaudeCode claude, Path work) {
    this.upstream = upstream;
    this.claude = claude;
    this.work = work;
  }

  /**
   * Runs the scenarios. The arguments are {@code --claude COMMAND --work DIRECTORY} and either
   * {@code --jar caravan.jar [--java COMMAND]} or, for a gateway that runs already, {@code
   * --gateway URL --upstream-port N}.
   */
  public static void main(String[] args) throws Exception {
    Arguments arguments =
        Arguments.parse(
            args,
            Set.of(),
            Set.of("claude", "work", "jar", "java", "gateway", "upstream-port", "only"));
    Path claude = Path.of(arguments.get("claude", "claude"));
    Path work = Files.createDirectories(Path.of(arguments.get("work", "target/claude-code")));
    Path run = Files.createTempDirectory(work.toAbsolutePath(), "run-");
    int failed;
    try (ScriptedUpstream upstream = ScriptedUpstream.start(arguments.get("upstream-port", 0))) {
      if (arguments.has("gateway")) {
        ClaudeCode code = new ClaudeCode(claude, arguments.get("gateway", null), LIMIT);
        failed = new Main(upstream, code, run).runAll(arguments.get("only", ""));
      } else {
        try (CaravanProcess caravan = start(arguments, upstream, run)) {
          ClaudeCode code = new ClaudeCode(claude, caravan.url(), LIMIT);
          failed = new Main(upstream, code, run).runAll(arguments.get("only", ""));
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
            "nim/scripted/model"));
  }

  /** Runs the scenarios and returns how many failed. */
  private int runAll(String only) throws InterruptedException {
    int passed = 0;
    int failed = 0;
    for (Scenario scenario : Scenarios.ALL) {
      if (!scenario.name().contains(only)) {
        continue;
      }
      List<String> faults = run(scenario, work.resolve("scenario-" + (passed + failed + 1)));
      if (faults.isEmpty()) {
        passed++;
        OUT.println("ok      Claude Code " + scenario.name());
      } else {
        failed++;
        OUT.println("FAILED  Claude Code " + scenario.name());
        faults.forEach(fault -> OUT.println("          " + fault));
      }
    }
    OUT.println(passed + " passed, " + failed + " failed");
    if (failed > 0) {
      OUT.println("Logs and what Claude Code wrote: " + work);
    }
    return failed;
  }

  private List<String> run(Scenario scenario, Path directory) throws InterruptedException {
    List<String> faults = new ArrayList<>();
    try {
      Files.createDirectories(directory);
      upstream.forget();
      upstream.answer(scenario.model().apply(directory));
      ClaudeCode.Run run = claude.ask(scenario.prompt(), directory);
      if (run.exit() != 0 || run.result().path("is_error").asBoolean()) {
        faults.add("Claude Code ended with " + run.exit() + ": " + run.text() + run.stderr());
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

  /** Returns each broken rule once, however many requests break it. */
  private Set<String> brokenRules() {
    Set<String> broken = new TreeSet<>();
    for (ReceivedRequest request : upstream.completions()) {
      broken.addAll(Rules.broken(request));
    }
    return broken;
  }
}
