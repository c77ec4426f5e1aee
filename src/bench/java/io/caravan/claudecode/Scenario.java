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
 * @param model what the upstream does with each request, given the directory that Claude Code works
 *     in
 * @param check what is wrong afterwards; empty where nothing is
 */
record Scenario(
    String name,
    String prompt,
    Function<Path, Function<ReceivedRequest, Script>> model,
    Check check) {

  /** Looks at what came out of a scenario. */
  @FunctionalInterface
  interface Check {
    void run(Outcome outcome, List<String> faults) throws IOException;
  }

  /** What came out of a scenario. */
  record Outcome(Path directory, ClaudeCode.Run run, List<ReceivedRequest> completions) {}
}
