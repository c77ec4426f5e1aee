package io.caravan.tokens;

import io.caravan.anthropic.Block;
import io.caravan.anthropic.Message;
import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.ThinkingOption;
import io.caravan.anthropic.Tool;
import io.caravan.json.JsonText;
import io.caravan.json.RawJson;
import java.util.List;

/** Makes requests like those of a coding agent, to run before the first real one comes. */
final class WarmUp {
  private static final String TEXT =
      """
      You are an interactive agent that helps users with software engineering tasks. Don't guess \
      URLs; say what you've found, what you'll do next, and why it's safe.

      # Tone and style
       - Responses should be short and concise: 3 or 4 lines, unless the user asks for 1,000.
       - When referencing code, include the pattern `file_path:line_number`.

      ```java
      public static int sum(List<Integer> numbers) {
          int total = 0; // never null
          for (Integer n : numbers) { total += n != null ? n : 0; }
          return total;
      }
      ```
      [INFO] Tests run: 128, Failures: 0, Errors: 0, Skipped: 2 -- in io.example.ParserTest (0.412 s)
      {"id": 17, "name": "Zoë", "tags": ["naïve", "日本語", "привет", "🙂"], "ok": true}
      """;
  private static final String SCHEMA =
      """
      {"$schema":"http://json-schema.org/draft-07/schema#","type":"object","properties":\
      {"file_path":{"type":"string","description":"The absolute path to the file to read"},\
      "limit":{"type":"number","description":"The number of lines to read, at most %d"}},\
      "required":["file_path"],"additionalProperties":false}""";
  private static final String INPUT =
      """
      {"file_path":"/home/dev/project/src/main/java/Parser.java","offset":%d,"limit":2000}""";
  private static final int REPEATS = 8;

  private WarmUp() {}

  /** Returns a request of about 30 KB whose texts differ from those of every other number. */
  static MessagesRequest request(int number) {
    String text = (number + TEXT).repeat(REPEATS);
    RawJson schema = RawJson.of(SCHEMA.formatted(number));
    RawJson input = RawJson.of(INPUT.formatted(number));
    return new MessagesRequest(
        schema,
        "warm-up",
        true,
        1,
        List.of(new Block.Text("System: " + text)),
        List.of(
            new Message(Message.Role.USER, List.of(new Block.Text("User: " + text))),
            new Message(
                Message.Role.ASSISTANT,
                List.of(
                    new Block.Thinking("Thinking: " + text, ""),
                    new Block.ToolUse("toolu_1", "Read", input))),
            new Message(
                Message.Role.USER,
                List.of(
                    new Block.ToolResult(
                        "toolu_1", List.of(new Block.Text("Result: " + text)), false)))),
        List.of(new Tool(null, "Read", JsonText.of("Reads a file."), schema, false, null, schema)),
        null,
        ThinkingOption.ABSENT,
        List.of(),
        null,
        null,
        null,
        null,
        null,
        null,
        List.of());
  }
}
