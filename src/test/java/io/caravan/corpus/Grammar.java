package io.caravan.corpus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The order that the events of a message must have (Anthropic's documentation, "Streaming
 * messages"): message_start; blocks one after the other with dense indexes, each with its start,
 * deltas of its kind and its stop; one message_delta; message_stop; nothing after it. An error may
 * end the stream at any place.
 */
public final class Grammar {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The stop reasons of a message that was cut off: a call's input may then be incomplete. */
  private static final Set<String> CUT_OFF =
      Set.of("max_tokens", "refusal", "model_context_window_exceeded");

  private static final Set<String> STOP_REASONS =
      Set.of(
          "end_turn",
          "max_tokens",
          "stop_sequence",
          "tool_use",
          "pause_turn",
          "refusal",
          "model_context_window_exceeded");

  private final List<String> faults;
  private final Set<String> toolIds = new HashSet<>();
  private String last = "nothing";
  private int blocks;
  private String openKind;
  private final StringBuilder toolInput = new StringBuilder();
  private String partialInput;

  private Grammar(List<String> faults) {
    this.faults = faults;
  }

  /** Adds to {@code faults} whatever is against the grammar. */
  public static void check(List<JsonNode> events, List<String> faults) {
    Grammar grammar = new Grammar(faults);
    events.forEach(grammar::next);
    if (!grammar.last.equals("message_stop") && !grammar.last.equals("error")) {
      faults.add("the last event is " + grammar.last);
    }
  }

  private void next(JsonNode event) {
    String type = event.path("type").asText();
    if (last.equals("message_stop") || last.equals("error")) {
      faults.add(type + " after " + last);
    }
    switch (type) {
      case "ping" -> {
        return;
      }
      case "message_start" -> messageStart(event);
      case "content_block_start" -> blockStart(event);
      case "content_block_delta" -> blockDelta(event);
      case "content_block_stop" -> blockStop(event);
      case "message_delta" -> messageDelta(event);
      case "message_stop" -> expect(last.equals("message_delta"), "message_stop after " + last);
      case "error" -> error(event);
      default -> faults.add("unknown event " + type);
    }
    last = type;
  }

  private void messageStart(JsonNode event) {
    JsonNode message = event.path("message");
    expect(last.equals("nothing"), "message_start after " + last);
    expect(!message.path("id").asText().isEmpty(), "message_start without an id");
    expect(message.path("role").asText().equals("assistant"), "message_start without its role");
    expect(message.path("content").isArray(), "message_start without content");
    // The SDKs add to these numbers and fail where they are missing.
    expect(message.path("usage").path("input_tokens").isNumber(), "message_start without usage");
  }

  private void blockStart(JsonNode event) {
    JsonNode block = event.path("content_block");
    expect(!last.equals("nothing") && !last.equals("message_delta"), "a block after " + last);
    expect(openKind == null, "a block starts inside another");
    expect(
        event.path("index").asInt(-1) == blocks, "index " + event.path("index") + " is not next");
    openKind = block.path("type").asText();
    toolInput.setLength(0);
    blocks++;
    if (openKind.equals("tool_use")) {
      String id = block.path("id").asText();
      expect(!id.isEmpty() && toolIds.add(id), "tool id '" + id + "' is empty or used twice");
      expect(!block.path("name").asText().isEmpty(), "a tool call without a name");
    }
  }

  private void blockDelta(JsonNode event) {
    String delta = event.path("delta").path("type").asText();
    expect(event.path("index").asInt(-1) == blocks - 1, "a delta of another block");
    if (openKind == null) {
      faults.add("a delta outside a block");
      return;
    }
    boolean fits =
        switch (openKind) {
          case "text" -> delta.equals("text_delta") || delta.equals("citations_delta");
          case "thinking" -> delta.equals("thinking_delta") || delta.equals("signature_delta");
          case "tool_use" -> delta.equals("input_json_delta");
          default -> true;
        };
    expect(fits, delta + " in a block of " + openKind);
    toolInput.append(event.path("delta").path("partial_json").asText());
  }

  private void blockStop(JsonNode event) {
    expect(openKind != null, "a stop without a block");
    expect(event.path("index").asInt(-1) == blocks - 1, "a stop of another block");
    if ("tool_use".equals(openKind)) {
      // anthropic-java throws where a tool call has no input delta at all; an empty one is enough.
      expect(last.equals("content_block_delta"), "a tool call without an input_json_delta");
      if (!isObject(toolInput)) {
        partialInput = toolInput.toString();
      }
    }
    openKind = null;
  }

  private void messageDelta(JsonNode event) {
    String reason = event.path("delta").path("stop_reason").asText();
    expect(openKind == null, "message_delta inside a block");
    expect(
        partialInput == null || CUT_OFF.contains(reason),
        "a tool call's input is no JSON object: " + partialInput);
    expect(!last.equals("nothing"), "message_delta before message_start");
    expect(!last.equals("message_delta"), "a second message_delta");
    expect(STOP_REASONS.contains(reason), "stop_reason " + reason);
    expect(event.path("usage").path("output_tokens").isNumber(), "message_delta without usage");
  }

  private void error(JsonNode event) {
    expect(!event.path("error").path("type").asText().isEmpty(), "an error without a type");
    expect(!event.path("error").path("message").asText().isEmpty(), "an error without a message");
  }

  private static boolean isObject(StringBuilder json) {
    try {
      return json.isEmpty() || JSON.readTree(json.toString()).isObject();
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  private void expect(boolean condition, String fault) {
    if (!condition) {
      faults.add(fault);
    }
  }
}
