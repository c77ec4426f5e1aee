package io.caravan.jmh;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Makes requests of a Claude Code conversation, the same ones in every run. */
final class Requests {
  private static final int SYSTEM = 20_000;
  private static final int TOOLS = 25;
  private static final int TOOL = 1_300;
  private static final int TURN = 2_350;
  private static final String[] WORDS =
      ("the file returns a list of matching paths when getUserName() is called with null use"
              + " absolute path not relative src/main/java to error: line 42 expected but was tool"
              + " result and then")
          .split(" ", -1);

  private final Random random;
  private final JsonGenerator json;
  private final StringWriter out = new StringWriter();

  private Requests(long seed) throws IOException {
    random = new Random(seed);
    json = new JsonFactory().createGenerator(out);
  }

  /**
   * Makes a request of about 20 KB of system prompt, 33 KB of tools and 2.4 KB a turn.
   *
   * @param seed the seed of the texts
   */
  static byte[] conversation(int turns, long seed) {
    try {
      return new Requests(seed).write(turns).getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String write(int turns) throws IOException {
    json.writeStartObject();
    json.writeStringField("model", "claude-sonnet-4-5");
    json.writeNumberField("max_tokens", 32_000);
    json.writeBooleanField("stream", true);
    json.writeArrayFieldStart("system");
    block("text", "text", text(SYSTEM));
    json.writeEndArray();
    json.writeArrayFieldStart("tools");
    for (int i = 0; i < TOOLS; i++) {
      tool(i);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("messages");
    for (int i = 0; i < turns; i++) {
      turn(i);
    }
    json.writeStartObject();
    json.writeStringField("role", "user");
    json.writeStringField("content", "Go on.");
    json.writeEndObject();
    json.writeEndArray();
    json.writeEndObject();
    json.close();
    return out.toString();
  }

  private void tool(int number) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", "tool_" + number);
    json.writeStringField("description", text(TOOL / 2));
    json.writeObjectFieldStart("input_schema");
    json.writeStringField("type", "object");
    json.writeObjectFieldStart("properties");
    for (int i = 0; i < 5; i++) {
      json.writeObjectFieldStart("p" + i);
      json.writeStringField("type", "string");
      json.writeStringField("description", text(TOOL / 16));
      json.writeEndObject();
    }
    json.writeEndObject();
    json.writeBooleanField("additionalProperties", false);
    json.writeEndObject();
    json.writeEndObject();
  }

  private void turn(int number) throws IOException {
    message("user");
    block("text", "text", text(TURN / 4));
    endMessage();
    message("assistant");
    block("text", "text", text(TURN / 8));
    json.writeStartObject();
    json.writeStringField("type", "tool_use");
    json.writeStringField("id", "toolu_" + number);
    json.writeStringField("name", "tool_0");
    json.writeObjectFieldStart("input");
    json.writeStringField("p0", "/home/dev/project/src/Main.java");
    json.writeEndObject();
    json.writeEndObject();
    endMessage();
    message("user");
    json.writeStartObject();
    json.writeStringField("type", "tool_result");
    json.writeStringField("tool_use_id", "toolu_" + number);
    json.writeStringField("content", text(TURN * 5 / 8).replace(" of ", "\n"));
    json.writeEndObject();
    endMessage();
    message("assistant");
    block("text", "text", "Done.");
    endMessage();
  }

  private void message(String role) throws IOException {
    json.writeStartObject();
    json.writeStringField("role", role);
    json.writeArrayFieldStart("content");
  }

  private void endMessage() throws IOException {
    json.writeEndArray();
    json.writeEndObject();
  }

  private void block(String type, String field, String text) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", type);
    json.writeStringField(field, text);
    json.writeEndObject();
  }

  private String text(int length) {
    StringBuilder text = new StringBuilder(length + 16);
    while (text.length() < length) {
      text.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
    }
    return text.toString();
  }
}
