package io.caravan.judge;

import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.RequestReader;
import io.caravan.json.JsonWriter;
import io.caravan.json.RawJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The request to a judge: the instructions of the resource {@code prompt.md}, and one case as the
 * only message. The verdict's schema is requested; a provider that takes none gets the words alone.
 */
final class JudgePrompt {
  /** The tokens that a verdict may take, with the reasoning of a model that can't leave it. */
  private static final int MAX_TOKENS = 4096;

  /** The tokens that a verdict needs at least. */
  static final int LEAST_TOKENS = 300;

  private static final RawJson SCHEMA =
      RawJson.of(
          """
          {"type":"object","properties":{"verdict":{"type":"string","enum":["allow","block"]},\
          "reason":{"type":"string"}},"required":["verdict","reason"],"additionalProperties":false}""");

  private static final String INSTRUCTIONS = resource("prompt.md");

  private JudgePrompt() {}

  /**
   * Returns the request.
   *
   * @param model the judge's full name
   * @param json the case
   * @param window the judge's tokens of prompt and reply together, or null if unknown
   */
  static MessagesRequest request(String model, String json, Integer window) {
    int most =
        window == null ? MAX_TOKENS : Math.max(LEAST_TOKENS, Math.min(MAX_TOKENS, window / 4));
    JsonWriter body = new JsonWriter(json.length() + INSTRUCTIONS.length() + 512).beginObject();
    body.field("model", model).field("max_tokens", (long) most).field("temperature", 0L);
    body.beginObject("thinking").field("type", "disabled").endObject();
    body.field("system", INSTRUCTIONS);
    body.beginArray("messages").beginObject().field("role", "user").field("content", json);
    body.endObject().endArray().beginObject("output_config").beginObject("format");
    body.field("type", "json_schema").field("schema", SCHEMA).endObject().endObject();
    RawJson finished = body.endObject().finish();
    return new RequestReader()
        .read(
            Arrays.copyOfRange(
                finished.buffer(), finished.offset(), finished.offset() + finished.length()));
  }

  static String resource(String name) {
    try (InputStream in = JudgePrompt.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
