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
import java.util.function.Function;

/** The parts that the scenarios share: scripts of a model, and checks of what has happened. */
final class Scenes {
  private Scenes() {}

  /** Returns the script of a turn, which is the number of the assistant's messages so far. */
  static Function<ReceivedRequest, Script> byTurn(Script... turns) {
    return request -> {
      int turn = 0;
      for (JsonNode message : Rules.body(request).path("messages")) {
        turn += message.path("role").asText().equals("assistant") ? 1 : 0;
      }
      return turn < turns.length ? turns[turn] : Script.says("There is no turn " + turn + ".");
    };
  }

  static String bash(int index, String id, String command) {
    return Chunks.toolCall(
        index,
        id,
        "Bash",
        "{\"command\":" + Chunks.quote(command) + ",\"description\":\"makes a file\"}");
  }

  /** Returns a turn that calls one tool. */
  static Script call(String id, String tool, String arguments) {
    return Script.stream(
        Chunks.role(), Chunks.toolCall(0, id, tool, arguments), ending("tool_calls"));
  }

  /** Returns a turn that calls Write. */
  static Script write(String id, Path file, String content) {
    return call(
        id,
        "Write",
        "{\"file_path\":"
            + Chunks.quote(file.toString())
            + ",\"content\":"
            + Chunks.quote(content)
            + "}");
  }

  static String ending(String finishReason) {
    return Chunks.finish(finishReason) + Chunks.usage(1000, 20) + Chunks.DONE;
  }

  /**
   * Returns whether a message of the user, or of a tool that Claude Code shows as one, has a text.
   */
  static boolean userSays(ReceivedRequest request, String text) {
    for (JsonNode message : Rules.body(request).path("messages")) {
      if (message.path("role").asText().equals("user")
          && message.path("content").toString().contains(text)) {
        return true;
      }
    }
    return false;
  }

  static void expectText(Scenario.Outcome outcome, String text, List<String> faults) {
    if (!outcome.run().text().equals(text)) {
      faults.add("the result is: " + outcome.run().text());
    }
  }

  static void expectFile(Scenario.Outcome outcome, String name, String content, List<String> faults)
      throws IOException {
    Path file = outcome.directory().resolve(name);
    if (!Files.exists(file)) {
      faults.add("there is no " + name);
    } else if (!Files.readString(file).equals(content)) {
      faults.add(name + " holds: " + Files.readString(file));
    }
  }

  static void expectNoFile(Scenario.Outcome outcome, String name, List<String> faults) {
    if (Files.exists(outcome.directory().resolve(name))) {
      faults.add("there is a " + name);
    }
  }

  /** Checks that a message of the conversation has this text; the system prompt does not count. */
  static void expectMessage(Scenario.Outcome outcome, String text, List<String> faults) {
    for (ReceivedRequest request : outcome.completions()) {
      for (JsonNode message : Rules.body(request).path("messages")) {
        if (!message.path("role").asText().equals("system") && message.toString().contains(text)) {
          return;
        }
      }
    }
    faults.add("no message has: " + text);
  }

  static void expectToolResult(Scenario.Outcome outcome, String content, List<String> faults) {
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
  static void expectResultsFindTheirCalls(
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

  static JsonNode lastMessages(Scenario.Outcome outcome) {
    List<ReceivedRequest> completions = outcome.completions();
    return Rules.body(completions.get(completions.size() - 1)).path("messages");
  }
}
