package io.caravan.load;

import java.util.Random;

/** Makes request bodies; the large ones are like those of Claude Code. */
final class RequestBodies {
  private RequestBodies() {}

  static String body(Workload workload, Target target) {
    String head =
        "{\"model\":\"" + target.model() + "\",\"max_tokens\":1024,\"stream\":" + workload.stream();
    String last = "{\"role\":\"user\",\"content\":\"" + workload.order().text() + "\"}]}";
    Shape shape = workload.shape();
    if (shape.bytes() == 0) {
      return head + ",\"messages\":[" + last;
    }
    return target.dialect() == Target.Dialect.ANTHROPIC
        ? head + anthropic(shape) + last
        : head + openAi(shape.bytes()) + last;
  }

  private static String anthropic(Shape shape) {
    Words words = new Words();
    StringBuilder body = new StringBuilder();
    body.append(",\"system\":[{\"type\":\"text\",\"text\":\"")
        .append(words.text(shape.systemBytes()))
        .append("\",\"cache_control\":{\"type\":\"ephemeral\"}}],\"tools\":[");
    for (int i = 0; i < shape.tools(); i++) {
      body.append(i == 0 ? "" : ",")
          .append(
              "{\"name\":\"tool_%d\",\"description\":\"%s\",\"input_schema\":%s}"
                  .formatted(
                      i, words.text(shape.toolBytes() / 2), schema(words, shape.toolBytes() / 2)));
    }
    body.append("],\"messages\":[");
    int perTurn = shape.turnBytes();
    for (int i = 0; i < shape.turns(); i++) {
      body.append("{\"role\":\"user\",\"content\":\"%s\"},".formatted(words.text(perTurn / 4)));
      body.append(
          "{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"%s\"},{\"type\":\"tool_use\",\"id\":\"toolu_%d\",\"name\":\"tool_0\",\"input\":{\"p0\":\"x\"}}]},"
              .formatted(words.text(perTurn / 8), i));
      body.append(
          "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"toolu_%d\",\"content\":\"%s\"}]},"
              .formatted(i, words.text(perTurn * 5 / 8)));
      body.append("{\"role\":\"assistant\",\"content\":\"Done.\"},");
    }
    return body.toString();
  }

  /** Makes a body of the same size for a server with OpenAI's protocol, as plain text. */
  private static String openAi(int bytes) {
    Words words = new Words();
    return ",\"messages\":[{\"role\":\"system\",\"content\":\"" + words.text(bytes) + "\"},";
  }

  private static String schema(Words words, int bytes) {
    int properties = Math.max(1, bytes / 120);
    StringBuilder schema = new StringBuilder("{\"type\":\"object\",\"properties\":{");
    for (int i = 0; i < properties; i++) {
      schema
          .append(i == 0 ? "" : ",")
          .append(
              "\"p%d\":{\"type\":\"string\",\"description\":\"%s\"}".formatted(i, words.text(70)));
    }
    return schema.append("},\"required\":[\"p0\"],\"additionalProperties\":false}").toString();
  }

  /** Makes text that is the same in every run and compresses and tokenizes like prose and code. */
  private static final class Words {
    private static final String[] WORDS = {
      "the",
      "file",
      "returns",
      "a",
      "list",
      "of",
      "matching",
      "paths",
      "when",
      "getUserName()",
      "is",
      "called",
      "with",
      "null",
      "use",
      "absolute",
      "path",
      "not",
      "relative",
      "src/main/java",
      "to",
      "error:",
      "line",
      "42",
      "expected",
      "but",
      "was",
      "tool",
      "result",
      "and",
      "then"
    };
    private final Random random = new Random(42);

    String text(int length) {
      StringBuilder text = new StringBuilder(length + 16);
      while (text.length() < length) {
        text.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
      }
      return text.toString();
    }
  }
}
