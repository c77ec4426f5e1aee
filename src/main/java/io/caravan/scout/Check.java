package io.caravan.scout;

import io.caravan.json.JsonWriter;
import io.caravan.scout.Observation.ToolCall;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * The requests with which a model is tried, the cheapest first, and what a model must make of them.
 * The tools are in the form of Claude Code's: {@code true} as a schema, a parameter named {@code
 * type}, {@code $schema}, nested objects, patterns (docs/clients.md).
 */
enum Check {
  /** A text of some fifty tokens, streamed. It shows the speed, too. */
  TEXT(
      "\"max_tokens\":2048,\"messages\":[{\"role\":\"user\",\"content\":"
          + "\"Count from one to twenty in English words, separated by spaces. Write nothing else.\"}]") {
    @Override
    String missing(Observation seen) {
      return says(seen, "twenty") && says(seen, "seven") ? null : "no sense: " + shown(seen.text());
    }
  },
  /** A call of one tool of several, in the first turn. */
  TOOL(
      "\"max_tokens\":4096,\"system\":\"You are a coding agent. You work by calling tools.\",\"tools\":%TOOLS%,"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"Search the project for the pattern heron in files of"
          + " type java. Call Grep with exactly that pattern and that type, and write no text.\"}]") {
    @Override
    String missing(Observation seen) {
      return callMissing(seen);
    }
  },
  /** The result of a tool in the second turn, from which a text must be made. */
  RESULT(
      "\"max_tokens\":4096,\"system\":\"You are a coding agent. You work by calling tools.\",\"tools\":%TOOLS%,"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"Which word stands behind the word codeword in Nest.java?"
          + " Read the file once, then answer with that word alone.\"},{\"role\":\"assistant\",\"content\":"
          + "[{\"type\":\"text\",\"text\":\"I read the file.\"},{\"type\":\"tool_use\",\"id\":\"toolu_01Scout000001\","
          + "\"name\":\"Read\",\"input\":{\"file_path\":\"/work/Nest.java\"}}]},{\"role\":\"user\",\"content\":"
          + "[{\"type\":\"tool_result\",\"tool_use_id\":\"toolu_01Scout000001\",\"content\":"
          + "\"1\\tclass Nest {\\n2\\t  // codeword: bittern\\n3\\t}\"}]}]") {
    @Override
    String missing(Observation seen) {
      return says(seen, "bittern")
          ? null
          : "makes nothing of a tool's result: " + shown(seen.text());
    }
  },
  /** A call of a tool in the second turn. */
  SESSION(
      "\"max_tokens\":4096,\"system\":\"You are a coding agent. You work by calling tools.\",\"tools\":%TOOLS%,"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi. I will ask for a search next.\"},"
          + "{\"role\":\"assistant\",\"content\":\"Hi. I am ready.\"},"
          + "{\"role\":\"user\",\"content\":\"Now search for the pattern heron in files of type java. Call Grep"
          + " with exactly that pattern and that type.\"}]") {
    @Override
    String missing(Observation seen) {
      return callMissing(seen);
    }
  },
  /** A text after thinking. A model that doesn't think may still be used. */
  THINKING(
      "\"max_tokens\":8192,\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024},\"messages\":[{\"role\":\"user\","
          + "\"content\":\"A heron eats three fish a day. How many does it eat in a week? Answer with the number.\"}]") {
    @Override
    String missing(Observation seen) {
      return says(seen, "21") || says(seen, "twenty-one")
          ? null
          : "no sense after thinking: " + shown(seen.text());
    }
  };

  private static final int SHOWN = 60;
  private static final String TOOLS = tools();

  private final String body;

  Check(String body) {
    this.body = body;
  }

  /** Returns the request for a model by its full name. */
  String request(String model) {
    String name = new JsonWriter(80).value(model).finish().toString();
    return "{\"model\":" + name + ",\"stream\":true," + body.replace("%TOOLS%", TOOLS) + "}";
  }

  /** Returns what the response lacks; null if it has all. */
  abstract String missing(Observation seen);

  private static boolean says(Observation seen, String word) {
    return seen.text().toLowerCase(Locale.ROOT).contains(word);
  }

  private static String callMissing(Observation seen) {
    List<ToolCall> calls = seen.toolCalls();
    if (calls.isEmpty()) {
      return "calls no tool: " + shown(seen.text());
    }
    ToolCall call = calls.get(0);
    boolean right =
        call.name().equals("Grep")
            && "heron".equals(call.input().get("pattern"))
            && "java".equals(call.input().get("type"));
    return right ? null : "calls a tool wrongly: " + shown(call.name() + " " + call.input());
  }

  private static String shown(String text) {
    if (text.isBlank()) {
      return "an empty response";
    }
    String line = Printable.of(text.strip());
    return line.length() > SHOWN ? line.substring(0, SHOWN) + "…" : line;
  }

  private static String tools() {
    try (InputStream file = Check.class.getResourceAsStream("tools.json")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
