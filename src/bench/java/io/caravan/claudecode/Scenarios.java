package io.caravan.claudecode;

import static io.caravan.claudecode.Scenes.bash;
import static io.caravan.claudecode.Scenes.byTurn;
import static io.caravan.claudecode.Scenes.ending;
import static io.caravan.claudecode.Scenes.expectFile;
import static io.caravan.claudecode.Scenes.expectResultsFindTheirCalls;
import static io.caravan.claudecode.Scenes.expectText;
import static io.caravan.claudecode.Scenes.expectToolResult;

import io.caravan.testkit.Chunks;
import io.caravan.testkit.Script;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The conversations that must work with Claude Code. */
final class Scenarios {
  static final List<Scenario> ALL =
      List.of(
          hello(),
          thinking(),
          toolLoop(),
          parallelTools(),
          resetInMidStream(),
          errorInMidStream(),
          halfAToolCall(),
          endOfLife(),
          fullWindow());

  private Scenarios() {}

  private static Scenario hello() {
    return new Scenario(
        "says hello",
        "Say hello",
        directory -> request -> Script.says("Hello from the scripted model."),
        (outcome, faults) -> expectText(outcome, "Hello from the scripted model.", faults));
  }

  private static Scenario thinking() {
    return new Scenario(
        "thinks before it answers",
        "Think, then answer",
        directory ->
            request ->
                Script.stream(
                    Chunks.role(),
                    Chunks.reasoning("Let me "),
                    Chunks.reasoning("think."),
                    Chunks.text("It is 42."),
                    ending("stop")),
        (outcome, faults) -> expectText(outcome, "It is 42.", faults));
  }

  private static Scenario endOfLife() {
    Script ended =
        Script.json(
            410,
            "{\"status\":410,\"title\":\"Gone\",\"detail\":\"The model has reached its end of life\"}");
    return new Scenario(
        "goes on where its model ends between two turns",
        List.of(new Scenario.Turn("Look, then answer", "--model", "claude-fable-5")),
        directory -> {},
        directory -> {
          var model =
              byTurn(
                  Script.stream(
                      Chunks.role(), bash(0, "call_look", "echo seen"), ending("tool_calls")),
                  ended);
          return request ->
              request.text().contains(Rules.HEIR)
                  ? Script.says("The other model has answered.")
                  : model.apply(request);
        },
        (outcome, faults) -> {
          expectText(outcome, "The other model has answered.", faults);
          expectToolResult(outcome, "seen", faults);
          if (outcome.completions().size() != 3) {
            faults.add(outcome.completions().size() + " calls, not 3");
          }
        });
  }

  private static Scenario toolLoop() {
    return new Scenario(
        "runs Bash, then Write, then sums up",
        "Make two files",
        directory ->
            byTurn(
                Script.stream(
                    Chunks.role(),
                    Chunks.text("First with the shell."),
                    bash(0, "call_bash", "echo from-bash > by-bash.txt; cat by-bash.txt"),
                    ending("tool_calls")),
                Script.stream(
                    Chunks.role(),
                    Chunks.toolStart(0, "call_write", "Write"),
                    Chunks.toolArguments(0, "{\"file_path\":"),
                    Chunks.toolArguments(
                        0, Chunks.quote(directory.resolve("by-write.txt").toString())),
                    Chunks.toolArguments(0, ",\"content\":\"from-write \\u00fc \\\"quoted\\\"\"}"),
                    ending("tool_calls")),
                Script.says("Both files are there.")),
        (outcome, faults) -> {
          expectText(outcome, "Both files are there.", faults);
          expectFile(outcome, "by-bash.txt", "from-bash\n", faults);
          expectFile(outcome, "by-write.txt", "from-write \u00fc \"quoted\"", faults);
          expectToolResult(outcome, "from-bash", faults);
        });
  }

  /**
   * Returns a scenario whose calls end in another order than they were made: each result must
   * belong to its own call.
   */
  private static Scenario parallelTools() {
    return new Scenario(
        "runs three tools at once",
        "Make three files at once",
        directory ->
            byTurn(
                Script.stream(
                    Chunks.role(),
                    Chunks.toolStart(0, "call_0", "Bash"),
                    Chunks.toolStart(1, "call_1", "Bash"),
                    Chunks.toolStart(2, "call_2", "Bash"),
                    Chunks.toolArguments(2, "{\"command\":\"echo result-two | tee two.txt\","),
                    Chunks.toolArguments(0, "{\"command\":\"sleep 0.4; "),
                    Chunks.toolArguments(
                        1, "{\"command\":\"sleep 0.2; echo result-one | tee one.txt\","),
                    Chunks.toolArguments(0, "echo result-zero | tee zero.txt\","),
                    Chunks.toolArguments(0, "\"description\":\"zero\"}"),
                    Chunks.toolArguments(1, "\"description\":\"one\"}"),
                    Chunks.toolArguments(2, "\"description\":\"two\"}"),
                    ending("tool_calls")),
                Script.says("All three are there.")),
        (outcome, faults) -> {
          expectText(outcome, "All three are there.", faults);
          for (String name : List.of("zero", "one", "two")) {
            expectFile(outcome, name + ".txt", "result-" + name + "\n", faults);
          }
          expectResultsFindTheirCalls(outcome, 3, faults);
        });
  }

  private static Scenario resetInMidStream() {
    return recovers(
        "recovers when the upstream resets the connection in mid-stream",
        Script.stream(Chunks.role(), Chunks.text("I was about to")).reset());
  }

  private static Scenario errorInMidStream() {
    return recovers(
        "recovers when the upstream reports an error in mid-stream",
        Script.stream(
            Chunks.role(),
            Chunks.text("I was about to"),
            Chunks.error(500, "the engine has died"),
            Chunks.DONE));
  }

  private static Scenario halfAToolCall() {
    Scenario recovers =
        recovers(
            "does not run half a tool call",
            Script.stream(
                    Chunks.role(),
                    Chunks.toolStart(0, "call_half", "Bash"),
                    Chunks.toolArguments(0, "{\"command\":\"touch half.txt\""))
                .close());
    return new Scenario(
        recovers.name(),
        recovers.turns(),
        recovers.setup(),
        recovers.model(),
        (outcome, faults) -> {
          recovers.check().run(outcome, faults);
          if (Files.exists(outcome.directory().resolve("half.txt"))) {
            faults.add("half a tool call was run");
          }
        });
  }

  /**
   * Returns a scenario with hosted NIM's error for a prompt that fills the window: Claude Code must
   * take it for a reason to request a summary, and continue from that.
   */
  private static Scenario fullWindow() {
    String summary = "<summary>The first file is there.</summary>";
    Script first =
        Script.stream(Chunks.role(), bash(0, "call_0", "echo one > one.txt"), ending("tool_calls"));
    Script full =
        Script.json(
            400,
            "{\"error\":{\"message\":\"max_tokens must be at least 1, got -1234.\","
                + "\"type\":\"BadRequestError\",\"param\":\"max_tokens\",\"code\":400}}");
    return new Scenario(
        "compacts when the upstream's window is full",
        "Make a file",
        directory ->
            request -> {
              if (request.text().contains("TEXT ONLY")) {
                return Script.says(summary);
              }
              if (request.text().contains("The first file is there.")) {
                return Script.says("It went on from the summary.");
              }
              return request.text().contains("\"role\":\"tool\"") ? full : first;
            },
        (outcome, faults) -> {
          expectText(outcome, "It went on from the summary.", faults);
          expectFile(outcome, "one.txt", "one\n", faults);
        });
  }

  private static Scenario recovers(String name, Script broken) {
    return new Scenario(
        name,
        "Answer although it breaks once",
        directory -> {
          AtomicInteger attempts = new AtomicInteger();
          return request ->
              attempts.getAndIncrement() == 0 ? broken : Script.says("This time it went well.");
        },
        (outcome, faults) -> {
          if (!outcome.run().text().endsWith("This time it went well.")) {
            faults.add("the result is: " + outcome.run().text());
          }
          if (outcome.completions().size() < 2) {
            faults.add("the upstream was asked only once");
          }
        });
  }
}
