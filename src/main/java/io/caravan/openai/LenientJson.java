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

/** Reads JSON that servers send with small faults, and passes on faultless JSON as it came. */
final class LenientJson {
  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Json.MAX_NESTING)
                  .maxStringLength(SseFrames.MAX_PAYLOAD)
                  .build())
          // The names of fields are the servers' and few. Each is decoded once and kept.
          .enable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          // Python's json writes NaN for a missing log probability.
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          // Servers that build JSON by hand let tabs and line ends through.
          .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
          .build();

  private LenientJson() {}

  static JsonParser parser(byte[] buffer, int offset, int length) throws IOException {
    return FACTORY.createParser(buffer, offset, length);
  }

  /**
   * Returns the value at which such a parser stands, and moves the parser to its end. The value is
   * returned as it came if it is JSON, and else written anew.
   *
   * @param buffer the buffer that the parser was created on
   * @param base the index at which the parser's input begins
   */
  static String slice(JsonParser p, byte[] buffer, int base) throws IOException {
    RawJson slice = Json.slice(p, buffer, base);
    return Json.isValue(slice) ? slice.toString() : strict(slice);
  }

  private static String strict(RawJson slice) {
    return new JsonWriter(slice.length()).tree(tree(slice)).finish().toString();
  }

  /**
   * Returns a value in the form of {@link JsonTree}.
   *
   * @throws IllegalArgumentException if it isn't even lenient JSON
   */
  static Object tree(RawJson json) {
    try (JsonParser p = parser(json.buffer(), json.offset(), json.length())) {
      return JsonTree.read(p);
    } catch (IOException e) {
      throw new IllegalArgumentException("not JSON", e);
    }
  }
}
