package io.caravan.provider;

import io.caravan.json.Json;
import io.caravan.json.RawJson;
import java.util.Map;

/** Reads the further top-level fields of a request. */
final class ExtraBody {
  private ExtraBody() {}

  static Map<String, RawJson> parse(String json) {
    if (json.isBlank()) {
      return Map.of();
    }
    try {
      return Json.members(RawJson.of(json));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("extraBody is not a JSON object", e);
    }
  }
}
