package io.caravan.claudecode;

import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.Script;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A conversation between Claude Code and a scripted model.
 *
 * @param turns the runs of Claude Code, one after the other in the same directory
 * @param setup the files that are there before the first run
 * @param model the upstream's response to each request, by Claude Code's working directory
 * @param check the check of the outcome
 */
record Scenario(
    String name,
    List<Turn> turns,
    Setup setup,
    Function<Path, Function<ReceivedRequest, Script>> model,
    Check check) {

  /** Makes a scenario of one run in an empty directory. */
  Scenario(
      String name,
      String prompt,
      Function<Path, Function<ReceivedRequest, Script>> model,
      Check check) {
    this(name, List.of(new Turn(prompt)), directory -> {}, model, check);
  }

  /**
   * One run of Claude Code.
   *
   * @param options further options of its command line; {@link #SESSION} in one stands for the
   *     session of the run before
   * @param environment further variables of its environment
   */
  record Turn(String prompt, List<String> options, Map<String, String> environment) {
    static final String SESSION = "{session}";

    Turn(String prompt, String... options) {
      this(prompt, List.of(options), Map.of());
    }
  }

  /** Writes files into the working directory. */
  @FunctionalInterface
  interface Setup {
    void write(Path directory) throws IOException;
  }

  /** Checks the outcome of a scenario and adds its faults to a list. */
  @FunctionalInterface
  interface Check {
    void run(Outcome outcome, List<String> faults) throws IOException;
  }

  /**
   * The outcome of a scenario.
   *
   * @param run the last run
   * @param completions the upstream's requests of all runs
   */
  record Outcome(Path directory, ClaudeCode.Run run, List<ReceivedRequest> completions) {}
}
