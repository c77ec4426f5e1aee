package io.caravan.claudecode;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.testkit.Chunks;
import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

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
        recovers.prompt(),
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

  /** Returns the script of a turn, which is the number of the assistant's messages so far. */
  private static Function<ReceivedRequest, Script> byTurn(Script... turns) {
    return request -> {
      int turn = 0;
      for (JsonNode message : Rules.body(request).path("messages")) {
        turn += message.path("role").asText().equals("assistant") ? 1 : 0;
      }
      return turn < turns.length ? turns[turn] : Script.says("There is no turn " + turn + ".");
    };
  }

  private static String bash(int index, String id, String command) {
    return Chunks.toolCall(
        index,
        id,
        "Bash",
        "{\"command\":" + Chunks.quote(command) + ",\"description\":\"makes a file\"}");
  }

  private static String ending(String finishReason) {
    return Chunks.finish(finishReason) + Chunks.usage(1000, 20) + Chunks.DONE;
  }

  private static void expectText(Scenario.Outcome outcome, String text, List<String> faults) {
    if (!outcome.run().text().equals(text)) {
      faults.add("the result is: " + outcome.run().text());
    }
  }

  private static void expectFile(
      Scenario.Outcome outcome, String name, String content, List<String> faults)
      throws IOException {
    Path file = outcome.directory().resolve(name);
    if (!Files.exists(file)) {
      faults.add("there is no " + name);
    } else if (!Files.readString(file).equals(content)) {
      faults.add(name + " holds: " + Files.readString(file));
    }
  }

  private static void expectToolResult(
      Scenario.Outcome outcome, String content, List<String> faults) {
    boolean found = false;
    for (JsonNode message : lastMessages(outcome)) {
      found |=
          message.path("role").asText().equals("tool")
              && message.path("content").toString().contains(content);
    }
    if (!found) {
      faults.add("the upstream never saw the tool result " + content);
    }
  }

  /** Checks that the call with {@code echo result-x} in its command has the result result-x. */
  private static void expectResultsFindTheirCalls(
      Scenario.Outcome outcome, int calls, List<String> faults) {
    List<String> matched = new ArrayList<>();
    for (JsonNode message : lastMessages(outcome)) {
      for (JsonNode call : message.path("tool_calls")) {
        String arguments = call.path("function").path("arguments").asText();
        String expected = arguments.replaceAll("(?s).*echo (result-\\w+).*", "$1");
        String result = resultOf(outcome, call.path("id").asText());
        if (!result.contains(expected)) {
          faults.add("the result of " + arguments + " is " + result);
        }
        matched.add(expected);
      }
    }
    if (matched.size() != calls) {
      faults.add("the upstream saw the calls " + matched);
    }
  }

  private static String resultOf(Scenario.Outcome outcome, String id) {
    for (JsonNode message : lastMessages(outcome)) {
      if (message.path("tool_call_id").asText().equals(id)) {
        return message.path("content").toString();
      }
    }
    return "missing";
  }

  private static JsonNode lastMessages(Scenario.Outcome outcome) {
    List<ReceivedRequest> completions = outcome.completions();
    return Rules.body(completions.get(completions.size() - 1)).path("messages");
  }
}
