package io.caravan.markup;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.corpus.Case;
import io.caravan.corpus.CorpusFiles;
import io.caravan.json.RawJson;
import io.caravan.openai.Chunk;
import io.caravan.openai.ToolCallDelta;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A file of the corpus: the tools, the upstream's chunks and the expected blocks. */
record MarkupCase(
    Path file, Map<String, RawJson> tools, List<Chunk> chunks, List<Transcript.Block> blocks)
    implements Case {

  static List<MarkupCase> all() {
    return CorpusFiles.of("markup").stream().map(MarkupCase::read).toList();
  }

  private static MarkupCase read(Path file) {
    try {
      Map<String, StringBuilder> sections = new HashMap<>();
      StringBuilder section = new StringBuilder();
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith("--- ")) {
          section = sections.computeIfAbsent(line.split(" ", 3)[1], s -> new StringBuilder());
        } else {
          section.append(line).append('\n');
        }
      }
      List<String> events = sections.get("events").toString().lines().toList();
      return new MarkupCase(
          file,
          tools(sections),
          chunks(sections.get("upstream").toString()),
          Transcript.expected(events));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, RawJson> tools(Map<String, StringBuilder> sections) {
    Map<String, RawJson> tools = new LinkedHashMap<>();
    if (sections.containsKey("request")) {
      for (JsonNode tool : Transcript.parse(sections.get("request").toString()).path("tools")) {
        tools.put(tool.path("name").asText(), RawJson.of(tool.path("input_schema").toString()));
      }
    }
    return tools;
  }

  private static List<Chunk> chunks(String stream) {
    List<Chunk> chunks = new ArrayList<>();
    for (String line : stream.lines().toList()) {
      if (line.startsWith("data: {")) {
        chunks.add(chunk(Transcript.parse(line.substring(6))));
      }
    }
    return chunks;
  }

  private static Chunk chunk(JsonNode json) {
    JsonNode choice = json.path("choices").path(0);
    JsonNode delta = choice.path("delta");
    List<ToolCallDelta> calls = new ArrayList<>();
    for (JsonNode call : delta.path("tool_calls")) {
      JsonNode function = call.path("function");
      calls.add(
          new ToolCallDelta(
              call.path("index").asInt(),
              call.path("id").textValue(),
              function.path("name").textValue(),
              function.path("arguments").asText("")));
    }
    return new Chunk(
        json.path("id").textValue(),
        json.path("model").textValue(),
        delta.path("content").asText(""),
        delta.path("reasoning_content").asText(""),
        null,
        null,
        calls,
        choice.path("finish_reason").textValue(),
        null,
        null,
        null);
  }

  @Override
  public String toString() {
    return id();
  }
}
