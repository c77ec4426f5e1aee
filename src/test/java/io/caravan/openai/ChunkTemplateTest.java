package io.caravan.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks that a reader that has read a stream reads its next chunk as a new reader does. */
class ChunkTemplateTest {
  private static final String FIRST = chunk("content", "\"a b\"");

  private static String chunk(String field, String json) {
    return "{\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\""
        + field
        + "\":"
        + json
        + "},\"finish_reason\":null}]}";
  }

  private static Chunk read(ChunkReader reader, byte[] json) {
    return reader.read(json, 0, json.length, false);
  }

  private static Chunk afresh(byte[] json) {
    ChunkReader reader = new ChunkReader();
    // The common part of a stream is read once.
    read(reader, chunk("role", "\"assistant\"").getBytes(StandardCharsets.UTF_8));
    return read(reader, json);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\"",
        "\"x\"",
        "\"line\\nand \\\"quotes\\\" \\\\ \\/ \\t\\r\"",
        "\"\\u00e9\\ud83d\\ude42\\b\\f\"",
        "\"naïve 日本語 🙂\"",
        "\"tab\there\"",
        "null",
        "7",
        "[{\"type\":\"text\",\"text\":\"part\"}]",
        "\"x\",\"refusal\":\"no\"",
        "\"x\",\"content\":\"y\"",
        "\"x\"},\"delta\":{\"content\":\"y\"",
        "\"x\",\"tool_calls\":[{\"index\":0,\"id\":\"1\",\"function\":{\"name\":\"f\"}}]",
        "\"x\"},\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2},\"more\":{\"a\":1"
      })
  void readsWhatStandsWhereTheTextStood(String json) {
    ChunkReader reader = new ChunkReader();
    read(reader, FIRST.getBytes(StandardCharsets.UTF_8));
    for (String field : List.of("content", "reasoning", "reasoning_content", "role")) {
      byte[] next = chunk(field, json).getBytes(StandardCharsets.UTF_8);
      assertThat(read(reader, next)).isEqualTo(afresh(next));
      assertThat(read(reader, next)).as("once more").isEqualTo(afresh(next));
      byte[] plain = chunk(field, "\"plain\"").getBytes(StandardCharsets.UTF_8);
      assertThat(read(reader, plain)).isEqualTo(afresh(plain));
    }
  }

  @Property(tries = 500)
  void readsAnyTexts(
      @ForAll @Size(max = 5) List<@StringLength(max = 12) String> texts, @ForAll boolean thinking) {
    ChunkReader reader = new ChunkReader();
    for (String text : texts) {
      String json = io.caravan.json.Surrogates.repair(text);
      byte[] next =
          chunk(thinking ? "reasoning" : "content", quoted(json)).getBytes(StandardCharsets.UTF_8);
      Chunk read = read(reader, next);
      assertThat(thinking ? read.reasoning() : read.content()).isEqualTo(json);
    }
  }

  private static String quoted(String text) {
    return new io.caravan.json.JsonWriter(64).value(text).finish().toString();
  }
}
