package io.caravan.tokens;

import io.caravan.anthropic.Block;
import io.caravan.anthropic.Message;
import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.OfferedTools;
import io.caravan.anthropic.ThinkingOption;
import io.caravan.anthropic.Tool;
import io.caravan.json.JsonText;
import io.caravan.json.RawJson;
import java.util.ArrayList;
import java.util.List;

/** Builds requests for the tests of counting. */
final class Requests {
  private final List<Block> system = new ArrayList<>();
  private final List<Message> messages = new ArrayList<>();
  private final List<Tool> tools = new ArrayList<>();
  private RawJson outputSchema;

  static Requests request() {
    return new Requests();
  }

  /** Returns a request of one user message. */
  static MessagesRequest saying(String text) {
    return request().user(new Block.Text(text)).build();
  }

  Requests system(String... texts) {
    for (String text : texts) {
      system.add(new Block.Text(text));
    }
    return this;
  }

  Requests user(Block... blocks) {
    messages.add(new Message(Message.Role.USER, List.of(blocks)));
    return this;
  }

  Requests assistant(Block... blocks) {
    messages.add(new Message(Message.Role.ASSISTANT, List.of(blocks)));
    return this;
  }

  Requests tool(String name, String description, String schema) {
    return tool(null, name, description, schema, false);
  }

  Requests deferredTool(String name, String description, String schema) {
    return tool(null, name, description, schema, true);
  }

  Requests builtInTool(String type, String name) {
    return tool(type, name, null, null, false);
  }

  private Requests tool(
      String type, String name, String description, String schema, boolean deferred) {
    RawJson json = RawJson.of("{\"type\":\"" + type + "\",\"name\":\"" + name + "\"}");
    tools.add(
        new Tool(
            type,
            name,
            description == null ? null : JsonText.of(description),
            schema == null ? null : RawJson.of(schema),
            deferred,
            null,
            json));
    return this;
  }

  Requests outputSchema(String schema) {
    outputSchema = RawJson.of(schema);
    return this;
  }

  MessagesRequest build() {
    return new MessagesRequest(
        RawJson.of("{}"),
        "claude-test",
        true,
        1_024,
        List.copyOf(system),
        List.copyOf(messages),
        OfferedTools.of(List.copyOf(tools), List.copyOf(messages)),
        null,
        ThinkingOption.ABSENT,
        List.of(),
        null,
        null,
        null,
        null,
        outputSchema,
        null,
        List.of());
  }
}
