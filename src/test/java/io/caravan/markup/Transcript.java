package io.caravan.markup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.openai.Chunk;
import io.caravan.openai.ToolCallDelta;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The content of a sequence of chunks, however it is cut: its texts in their order, and its calls.
 */
final class Transcript {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A text, a thought or a call. */
  record Block(String kind, String text) {}

  private final List<Block> blocks = new ArrayList<>();
  private final Map<Integer, String> names = new LinkedHashMap<>();
  private final Map<Integer, StringBuilder> arguments = new LinkedHashMap<>();
  private final Map<Integer, String> ids = new LinkedHashMap<>();
  private String finish;

  static Transcript of(List<Chunk> chunks) {
    Transcript transcript = new Transcript();
    chunks.forEach(transcript::add);
    return transcript;
  }

  private void add(Chunk chunk) {
    text("thinking", chunk.reasoning());
    text("text", chunk.content());
    for (ToolCallDelta delta : chunk.toolCalls()) {
      int index = delta.index();
      names.computeIfAbsent(index, i -> delta.name());
      if (delta.id() != null) {
        ids.putIfAbsent(index, delta.id());
      }
      arguments.computeIfAbsent(index, i -> new StringBuilder()).append(delta.arguments());
    }
    finish = chunk.finishReason() == null ? finish : chunk.finishReason();
  }

  private void text(String kind, String text) {
    Block last = blocks.isEmpty() ? null : blocks.get(blocks.size() - 1);
    if (text.isEmpty()) {
      return;
    }
    if (last != null && last.kind().equals(kind)) {
      blocks.set(blocks.size() - 1, new Block(kind, last.text() + text));
    } else {
      blocks.add(new Block(kind, text));
    }
  }

  /** Returns texts and thoughts in their order, then the calls by index as {@code NAME {json}}. */
  List<Block> blocks() {
    List<Block> all = new ArrayList<>(blocks);
    names.keySet().stream().sorted().forEach(index -> all.add(new Block("call", call(index))));
    return all;
  }

  private String call(int index) {
    String json = arguments.get(index).toString();
    return names.get(index) + " " + canonical(json.isEmpty() ? "{}" : json);
  }

  List<String> calls() {
    return blocks().stream()
        .filter(block -> block.kind().equals("call"))
        .map(Block::text)
        .collect(Collectors.toList());
  }

  String text() {
    return joined("text");
  }

  String thinking() {
    return joined("thinking");
  }

  List<Integer> indexes() {
    return names.keySet().stream().sorted().collect(Collectors.toList());
  }

  String id(int index) {
    return ids.get(index);
  }

  String finish() {
    return finish;
  }

  private String joined(String kind) {
    return blocks.stream()
        .filter(block -> block.kind().equals(kind))
        .map(Block::text)
        .collect(Collectors.joining());
  }

  /** Returns the blocks in Anthropic's events. */
  static List<Block> expected(List<String> events) {
    Map<Integer, Block> open = new LinkedHashMap<>();
    for (String line : events) {
      JsonNode event = parse(line);
      int index = event.path("index").asInt();
      JsonNode block = event.path("content_block");
      if (event.path("type").asText().equals("content_block_start")) {
        boolean call = block.path("type").asText().equals("tool_use");
        String kind = call ? "call" : block.path("type").asText();
        open.put(index, new Block(kind, call ? block.path("name").asText() + " " : ""));
      } else if (event.path("type").asText().equals("content_block_delta")) {
        Iterator<Map.Entry<String, JsonNode>> fields = event.path("delta").properties().iterator();
        while (fields.hasNext()) {
          Map.Entry<String, JsonNode> field = fields.next();
          if (!field.getKey().equals("type") && !field.getKey().equals("signature")) {
            String piece = field.getValue().asText();
            piece = field.getKey().equals("partial_json") ? canonical(piece) : piece;
            Block before = open.get(index);
            open.put(index, new Block(before.kind(), before.text() + piece));
          }
        }
      }
    }
    return new ArrayList<>(open.values());
  }

  static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + json, e);
    }
  }

  static String canonical(String json) {
    JsonNode node = parse(json);
    assertThat(node.isObject()).as(json).isTrue();
    return node.toString();
  }
}
