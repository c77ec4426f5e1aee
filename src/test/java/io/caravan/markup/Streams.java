package io.caravan.markup;

import io.caravan.json.RawJson;
import io.caravan.openai.Chunk;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes chunks for tests and runs them through the recovery. */
final class Streams {
  /** Tools as Claude Code declares them, and one with every type. */
  static final Map<String, RawJson> TOOLS = tools();

  private Streams() {}

  private static Map<String, RawJson> tools() {
    Map<String, RawJson> tools = new LinkedHashMap<>();
    tools.put(
        "Read",
        RawJson.of(
            """
            {"type":"object","properties":{"file_path":{"type":"string"},
            "offset":{"type":"integer"},"limit":{"type":"integer"}}}"""));
    tools.put(
        "Write",
        RawJson.of(
            """
            {"type":"object","properties":{"file_path":{"type":"string"},
            "content":{"type":"string"}}}"""));
    tools.put(
        "Bash",
        RawJson.of(
            """
            {"type":"object","properties":{"command":{"type":"string"},
            "timeout":{"type":"number"},"run_in_background":{"type":"boolean"}}}"""));
    tools.put("TodoRead", RawJson.of("{\"type\":\"object\",\"properties\":{}}"));
    tools.put(
        "TodoWrite",
        RawJson.of(
            """
            {"type":"object","properties":{"todos":{"type":"array","items":{"$ref":"#/$defs/Todo"}}},
            "$defs":{"Todo":{"type":"object","properties":{"content":{"type":"string"},
            "priority":{"type":["integer","null"]}}}}}"""));
    return tools;
  }

  static Chunk content(String text) {
    return chunk(text, "");
  }

  static Chunk reasoning(String text) {
    return chunk("", text);
  }

  static Chunk chunk(String content, String reasoning) {
    return new Chunk(
        "c1", "test-model", content, reasoning, null, null, List.of(), null, null, null, null);
  }

  static Chunk finish(String reason) {
    return new Chunk("c1", "test-model", "", "", null, null, List.of(), reason, null, null, null);
  }

  /** Returns the same chunks from another model. */
  static List<Chunk> from(String model, List<Chunk> chunks) {
    return chunks.stream()
        .map(
            chunk ->
                new Chunk(
                    chunk.id(),
                    model,
                    chunk.content(),
                    chunk.reasoning(),
                    null,
                    null,
                    chunk.toolCalls(),
                    chunk.finishReason(),
                    null,
                    null,
                    null))
        .toList();
  }

  static MarkupRecovery recovery() {
    return new MarkupRecovery(new MarkupSettings(MarkupSettings.allFamilies(), TOOLS, null));
  }

  /** Returns the outcome of a message of these chunks. */
  static Transcript run(MarkupRecovery recovery, List<Chunk> chunks) {
    List<Chunk> out = new ArrayList<>();
    chunks.forEach(chunk -> out.addAll(recovery.accept(chunk)));
    out.addAll(recovery.end());
    return Transcript.of(out);
  }

  /** Returns the outcome of a completion with this content, which ends with {@code stop}. */
  static Transcript answer(String text) {
    return run(recovery(), List.of(content(text), finish("stop")));
  }

  /** Cuts each text of a stream into pieces of so many characters. */
  static List<Chunk> cut(List<Chunk> chunks, int length) {
    List<Chunk> cut = new ArrayList<>();
    for (Chunk chunk : chunks) {
      for (int i = 0; i < chunk.reasoning().length(); i += length) {
        int end = Math.min(chunk.reasoning().length(), i + length);
        cut.add(with(chunk, "", chunk.reasoning().substring(i, end)));
      }
      for (int i = 0; i < chunk.content().length(); i += length) {
        int end = Math.min(chunk.content().length(), i + length);
        cut.add(with(chunk, chunk.content().substring(i, end), ""));
      }
      if (chunk.finishReason() != null || !chunk.toolCalls().isEmpty()) {
        cut.add(
            new Chunk(
                chunk.id(),
                chunk.model(),
                "",
                "",
                null,
                null,
                chunk.toolCalls(),
                chunk.finishReason(),
                null,
                null,
                null));
      }
    }
    return cut;
  }

  /** Cuts a text in two. */
  static List<Chunk> cutAt(Chunk chunk, int at) {
    boolean answer = chunk.reasoning().isEmpty();
    String text = answer ? chunk.content() : chunk.reasoning();
    String head = text.substring(0, at);
    String tail = text.substring(at);
    return answer
        ? List.of(with(chunk, head, ""), with(chunk, tail, ""))
        : List.of(with(chunk, "", head), with(chunk, "", tail));
  }

  /** Joins neighbouring texts of one kind. */
  static List<Chunk> joined(List<Chunk> chunks) {
    List<Chunk> joined = new ArrayList<>();
    for (Chunk chunk : cut(chunks, Integer.MAX_VALUE / 2)) {
      Chunk last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
      boolean answers = last != null && !last.content().isEmpty() && !chunk.content().isEmpty();
      boolean thinks = last != null && !last.reasoning().isEmpty() && !chunk.reasoning().isEmpty();
      if (answers || thinks) {
        joined.set(
            joined.size() - 1,
            with(last, last.content() + chunk.content(), last.reasoning() + chunk.reasoning()));
      } else {
        joined.add(chunk);
      }
    }
    return joined;
  }

  private static Chunk with(Chunk chunk, String content, String reasoning) {
    return new Chunk(
        chunk.id(),
        chunk.model(),
        content,
        reasoning,
        null,
        null,
        List.of(),
        null,
        null,
        null,
        null);
  }
}
