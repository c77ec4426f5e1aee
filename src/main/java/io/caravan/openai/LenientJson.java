package io.caravan.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.caravan.json.Json;
import io.caravan.json.JsonTree;
import io.caravan.json.JsonWriter;
import io.caravan.json.RawJson;
import java.io.IOException;

/** Reads what servers send that is JSON but for a slip, and hands on what is JSON without one. */
final class LenientJson {
  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Json.MAX_NESTING)
                  .maxStringLength(SseFrames.MAX_PAYLOAD)
                  .build())
          // Names of fields are the servers' and few: each is decoded once and kept.
          .enable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          // Python's json writes NaN for a log probability that is none.
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          // Servers that put JSON together by hand let tabs and line ends through.
          .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
          .build();

  private LenientJson() {}

  static JsonParser parser(byte[] buffer, int offset, int length) throws IOException {
    return FACTORY.createParser(buffer, offset, length);
  }

  /**
   * The value that such a parser stands at, as it came where it is JSON, and else written anew; the
   * parser is moved to its end.
   *
   * @param buffer what the parser was created on
   * @param base where in the buffer the parser's input begins
   */
  static String slice(JsonParser p, byte[] buffer, int base) throws IOException {
    RawJson slice = Json.slice(p, buffer, base);
    return Json.isValue(slice) ? slice.toString() : strict(slice);
  }

  private static String strict(RawJson slice) {
    return new JsonWriter(slice.length()).tree(tree(slice)).finish().toString();
  }

  /**
   * A value as {@link JsonTree} gives it.
   *
   * @throws IllegalArgumentException where it isn't JSON even so
   */
  static Object tree(RawJson json) {
    try (JsonParser p = parser(json.buffer(), json.offset(), json.length())) {
      return JsonTree.read(p);
    } catch (IOException e) {
      throw new IllegalArgumentException("not JSON", e);
    }
  }
}
