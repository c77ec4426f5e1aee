package io.caravan.translate.request;

import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.Tool;
import io.caravan.json.JsonText;
import io.caravan.json.JsonWriter;
import io.caravan.json.RawJson;
import io.caravan.provider.Dialect;
import io.caravan.provider.ResponseFormat;
import io.caravan.provider.learned.DroppedFields;
import io.caravan.translate.request.schema.FittedSchema;
import io.caravan.translate.request.schema.StrictSchema;
import java.util.List;
import java.util.Map;

/**
 * Writes the body of a request. It contains only fields that the client asked for and the upstream
 * accepts: hosted NIM and others refuse any field they don't know (can1357/oh-my-pi#2299).
 */
final class BodyWriter {
  private final JsonWriter json;
  private final MessagesRequest request;
  private final Dialect dialect;
  private final DroppedFields learned;
  private final Losses losses;

  BodyWriter(
      JsonWriter json,
      MessagesRequest request,
      Dialect dialect,
      DroppedFields learned,
      Losses losses) {
    this.json = json;
    this.request = request;
    this.dialect = dialect;
    this.learned = learned;
    this.losses = losses;
  }

  /**
   * Returns whether a field may be sent, and notes the loss if it may not. The client can't change
   * a field that the provider always sends.
   */
  private boolean takes(String field, boolean taken, Loss loss) {
    boolean open = !learned.drops(field) && !dialect.extraBody().containsKey(field);
    if (taken && open) {
      return true;
    }
    losses.add(taken ? Loss.FIELD : loss);
    return false;
  }

  private boolean takes(String field) {
    return takes(field, true, Loss.FIELD);
  }

  /** Writes the messages, and stores the body's size behind each in {@code ends}. */
  int messages(List<UpstreamMessage> messages, int[] ends) {
    json.beginArray("messages");
    int start = json.size();
    MessageWriter writer = new MessageWriter(json, dialect);
    for (int i = 0; i < ends.length; i++) {
      writer.write(messages.get(i));
      ends[i] = json.size();
    }
    json.endArray();
    return start;
  }

  void tools(ToolPlan plan, ToolNames names, SentSchemas schemas) {
    if (plan.tools().isEmpty()) {
      return;
    }
    json.beginArray("tools");
    for (Tool tool : plan.tools()) {
      tool(tool, names, schemas);
    }
    json.endArray();
    if (plan.named() != null && takes("tool_choice")) {
      json.beginObject("tool_choice").field("type", "function").beginObject("function");
      json.field("name", names.alias(plan.named())).endObject().endObject();
    } else if (plan.choice() != null && takes("tool_choice")) {
      json.field("tool_choice", plan.choice());
    }
    singleCall();
  }

  /**
   * Asks for a single call. It is no loss if that can't be sent: the response has one in any case.
   */
  private void singleCall() {
    String field = "parallel_tool_calls";
    boolean single = request.toolChoice() != null && request.toolChoice().parallelDisabled();
    boolean open = !learned.drops(field) && !dialect.extraBody().containsKey(field);
    if (single && dialect.parallelField() && open) {
      json.field(field, false);
    }
  }

  private void tool(Tool tool, ToolNames names, SentSchemas schemas) {
    BuiltInTools builtIn = tool.custom() ? null : BuiltInTools.find(tool.type());
    String alias = names.declare(tool.name());
    if (!alias.equals(tool.name())) {
      losses.add(Loss.TOOL_RENAMED);
    }
    json.beginObject().field("type", "function").beginObject("function").field("name", alias);
    JsonText description = builtIn == null ? tool.description() : builtIn.description();
    json.field("description", shortened(described(description, tool.name())));
    json.field("parameters", schema(schemas.of(tool)));
    if (tool.strict() != null) {
      if (dialect.strictTools()) {
        json.field("strict", tool.strict());
      } else if (tool.strict()) {
        losses.add(Loss.TOOL_STRICT);
      }
    }
    json.endObject().endObject();
  }

  private RawJson schema(FittedSchema fitted) {
    if (fitted.names() != null) {
      losses.add(Loss.TOOL_PARAMETER_RENAMED);
    }
    if (fitted.lost()) {
      losses.add(Loss.TOOL_SCHEMA);
    } else if (fitted.changed() && learned.reducesSchemas()) {
      losses.add(Loss.TOOL_SCHEMA_REDUCED);
    }
    return fitted.schema();
  }

  /** Returns the description. Templates such as that of gpt-oss fail on a tool without one. */
  private static JsonText described(JsonText description, String name) {
    return description == null || description.isBlank()
        ? JsonText.of("The tool " + name + ".")
        : description;
  }

  private JsonText shortened(JsonText description) {
    Integer limit = dialect.toolDescriptionLimit();
    if (limit == null || description.length() <= limit) {
      return description;
    }
    losses.add(Loss.TOOL_DESCRIPTION);
    return JsonText.of(description.toString().substring(0, Math.max(0, limit - 1)) + "…");
  }

  void sampling(Integer maxTokens) {
    if (maxTokens != null && !dialect.extraBody().containsKey(maxTokensField())) {
      json.field(maxTokensField(), maxTokens);
    }
    boolean sampling = dialect.sampling();
    if (request.temperature() != null && takes("temperature", sampling, Loss.TEMPERATURE)) {
      json.field("temperature", request.temperature());
    }
    if (request.topP() != null && takes("top_p", sampling, Loss.TOP_P)) {
      json.field("top_p", request.topP());
    }
    if (request.topK() != null && takes("top_k", dialect.topK(), Loss.TOP_K)) {
      json.field("top_k", request.topK());
    }
  }

  /**
   * Returns the name of the limit. It has two names; an upstream that refuses one accepts the
   * other.
   */
  private String maxTokensField() {
    String field = dialect.maxTokensField();
    if (!learned.drops(field)) {
      return field;
    }
    return field.equals("max_tokens") ? "max_completion_tokens" : "max_tokens";
  }

  /**
   * Writes as many stop sequences as the upstream accepts. It is no loss if it accepts fewer: the
   * text ends at the first one in any case.
   *
   * @return the number of those written
   */
  int stop() {
    List<String> stops = request.stopSequences().stream().filter(s -> !s.isEmpty()).toList();
    for (int i = stops.size(); i < request.stopSequences().size(); i++) {
      losses.add(Loss.STOP_SEQUENCE);
    }
    int most = dialect.maxStops() == null ? stops.size() : dialect.maxStops();
    boolean open = !learned.drops("stop") && !dialect.extraBody().containsKey("stop");
    if (stops.isEmpty() || most == 0 || !open) {
      return 0;
    }
    json.beginArray("stop");
    stops.stream().limit(most).forEach(json::value);
    json.endArray();
    return Math.min(most, stops.size());
  }

  void responseFormat(SentSchemas schemas) {
    RawJson schema = request.outputSchema() == null ? null : schemas.output(request.outputSchema());
    if (schema == null || dialect.responseFormat() == ResponseFormat.NONE) {
      return;
    }
    if (!takes("response_format")) {
      return;
    }
    json.beginObject("response_format");
    if (dialect.responseFormat() == ResponseFormat.JSON_OBJECT) {
      json.field("type", "json_object").endObject();
      return;
    }
    json.field("type", "json_schema").beginObject("json_schema").field("name", "answer");
    if (dialect.strictSchemas() && StrictSchema.is(schema)) {
      json.field("strict", true);
    }
    json.field("schema", schema).endObject().endObject();
  }

  void thinking(ThinkingPlan plan) {
    new ThinkingWriter(json, dialect, this::takes).write(plan);
  }

  void ending(boolean continuesFinal) {
    if (continuesFinal && takes("continue_final_message")) {
      json.field("add_generation_prompt", false).field("continue_final_message", true);
    }
    json.field("stream", true);
    boolean usage = dialect.streamUsage() && !dialect.extraBody().containsKey("stream_options");
    if (usage && !learned.drops("stream_options")) {
      json.beginObject("stream_options").field("include_usage", true).endObject();
    }
    for (Map.Entry<String, RawJson> extra : dialect.extraBody().entrySet()) {
      if (!learned.drops(extra.getKey())) {
        json.field(extra.getKey(), extra.getValue());
      }
    }
  }
}
