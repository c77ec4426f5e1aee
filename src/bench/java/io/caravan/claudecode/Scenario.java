package io.caravan.claudecode;

import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.Script;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * A conversation between Claude Code and a scripted model.
 *
 * @param model the upstream's response to each request, by Claude Code's working directory
 * @param check the check of the outcome
 */
record Scenario(
    String name,
    String prompt,
    Function<Path, Function<ReceivedRequest, Script>> model,
    Check check) {

  /** Checks the outcome of a scenario and adds its faults to a list. */
  @FunctionalInterface
  interface Check {
    void run(Outcome outcome, List<String> faults) throws IOException;
  }

  /** The outcome of a scenario. */
  record Outcome(Path directory, ClaudeCode.Run run, List<ReceivedRequest> completions) {}
}
