package io.caravan.anthropic;

import io.caravan.json.RawJson;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads the top level of a request. Its fields may come in any order. */
final class RequestParser {
  private final JsonCursor c;

  /** The most characters of a model's name, which is a key of caches and limits. */
  private static final int MAX_MODEL = 256;

  private String model;
  private boolean stream;
  private Integer maxTokens;
  private List<Block> system = List.of();
  private List<Message> messages;
  private List<Tool> tools = List.of();
  private ToolChoice toolChoice;
  private ThinkingOption thinking = ThinkingOption.ABSENT;
  private List<String> stopSequences = List.of();
  private Double temperature;
  private Double topP;
  private Integer topK;
  private String effort;
  private RawJson outputSchema;
  private String formatType;
  private String userId;
  private RawJson safeguards;

  RequestParser(JsonCursor cursor) {
    this.c = cursor;
  }

  MessagesRequest parse(RawJson body) throws IOException {
    c.object(this::field);
    if (model == null) {
      throw AnthropicException.invalid("model: Field required");
    }
    if (messages == null) {
      throw AnthropicException.invalid("messages: Field required");
    }
    if (messages.isEmpty()) {
      throw AnthropicException.invalid("messages: at least one message is required");
    }
    return new MessagesRequest(
        body,
        model,
        stream,
        maxTokens,
        system,
        messages,
        OfferedTools.of(tools, messages),
        toolChoice,
        thinking,
        stopSequences,
        temperature,
        topP,
        topK,
        effort,
        outputSchema,
        userId,
        c.unsupported(),
        safeguards);
  }

  private void field(String name) throws IOException {
    switch (name) {
      case "model" -> model = model();
      case "stream" -> stream = Boolean.TRUE.equals(c.boolOrNull());
      case "max_tokens" -> maxTokens = maxTokens();
      case "system" -> system = BlockReader.content(c);
      case "messages" -> messages = List.copyOf(c.list(this::message));
      case "tools" -> tools = c.atNull() ? List.of() : tools();
      case "tool_choice" -> toolChoice = c.atNull() ? null : OptionReader.toolChoice(c);
      case "thinking" -> thinking = c.atNull() ? ThinkingOption.ABSENT : OptionReader.thinking(c);
      case "stop_sequences" ->
          stopSequences = c.atNull() ? List.of() : List.copyOf(c.list(c::string));
      case "temperature" -> temperature = c.numberOrNull();
      case "top_p" -> topP = c.numberOrNull();
      case "top_k" -> topK = c.integerOrNull();
      case "output_config" -> ifObject(this::outputConfig);
      case "output_format" -> format();
      case "mcp_servers" -> mcpServers();
      case "thread" -> unsupported(UnsupportedOption.THREAD);
      case "compaction" -> unsupported(UnsupportedOption.COMPACTION);
      case "inference_geo" -> unsupported(UnsupportedOption.INFERENCE_GEO);
      case "metadata" -> ifObject(this::metadata);
      case "safeguards" -> safeguards = c.atNull() ? null : c.raw();
      default -> c.skip();
    }
  }

  private void ifObject(JsonCursor.Field reader) throws IOException {
    if (!c.atNull()) {
      c.object(reader);
    }
  }

  private String model() throws IOException {
    String name = c.string();
    if (name.isEmpty()) {
      throw c.path().error("String should have at least 1 character");
    }
    if (name.length() > MAX_MODEL) {
      throw c.path().error("String should have at most " + MAX_MODEL + " characters");
    }
    return name;
  }

  private Integer maxTokens() throws IOException {
    Integer tokens = c.integerOrNull();
    if (tokens != null && tokens < 0) {
      throw c.path().error("Input should be greater than or equal to 0");
    }
    return tokens;
  }

  private Message message() throws IOException {
    MessageReader reader = new MessageReader();
    c.object(name -> reader.field(name, c));
    return reader.build(c);
  }

  private List<Tool> tools() throws IOException {
    List<Tool> read = List.copyOf(c.list(() -> ToolReader.read(c)));
    Set<String> names = new HashSet<>();
    for (Tool tool : read) {
      if (!names.add(tool.name())) {
        throw c.path().error("Tool names must be unique.");
      }
    }
    return read;
  }

  private void outputConfig(String name) throws IOException {
    switch (name) {
      case "effort" -> effort = c.stringOrNull();
      case "format" -> format();
      case "task_budget" -> unsupported(UnsupportedOption.TASK_BUDGET);
      default -> c.skip();
    }
  }

  /**
   * Reads an output format. One that isn't a JSON schema may be a future kind; one that is must
   * have a schema.
   */
  private void format() throws IOException {
    formatType = null;
    ifObject(this::format);
    if (formatType != null && !formatType.equals("json_schema")) {
      outputSchema = null;
      c.note(UnsupportedOption.OUTPUT_FORMAT);
    } else if (formatType != null && outputSchema == null) {
      c.path().enter("schema");
      throw c.path().error("Field required");
    }
  }

  private void format(String name) throws IOException {
    switch (name) {
      case "type" -> formatType = c.stringOrNull();
      case "schema" -> outputSchema = c.objectOrNull();
      default -> c.skip();
    }
  }

  private void unsupported(UnsupportedOption option) throws IOException {
    if (!c.atNull()) {
      c.note(option);
    }
    c.skip();
  }

  private void mcpServers() throws IOException {
    if (!c.atNull()) {
      c.list(
          () -> {
            c.note(UnsupportedOption.MCP_SERVER);
            c.skip();
            return null;
          });
    }
  }

  private void metadata(String name) throws IOException {
    if (name.equals("user_id")) {
      userId = c.stringOrNull();
    } else {
      c.skip();
    }
  }

  /** Reads the role and the content of a turn. */
  private static final class MessageReader {
    private Message.Role role;
    private List<Block> content;

    void field(String name, JsonCursor c) throws IOException {
      switch (name) {
        case "role" -> role = role(c);
        case "content" -> content = BlockReader.content(c);
        default -> c.skip();
      }
    }

    private static Message.Role role(JsonCursor c) throws IOException {
      return switch (c.string()) {
        case "user" -> Message.Role.USER;
        case "assistant" -> Message.Role.ASSISTANT;
        case "system" -> Message.Role.SYSTEM;
        default -> throw c.path().error("Input should be 'user', 'assistant' or 'system'");
      };
    }

    Message build(JsonCursor c) {
      if (role == null || content == null) {
        c.path().enter(role == null ? "role" : "content");
        throw c.path().error("Field required");
      }
      return new Message(role, content);
    }
  }
}
