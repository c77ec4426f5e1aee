package io.caravan.app;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.json.Json;

/** Makes the mapper that {@code marshal: json} and {@code unmarshal: json} use in routes. */
public final class RouteJson {
  private RouteJson() {}

  /**
   * Returns a mapper that reads within the limits of {@link Json} and writes text as {@link
   * io.caravan.json.JsonWriter} does.
   */
  public static ObjectMapper mapper() {
    return new ObjectMapper(
        Json.factory()
            .rebuild()
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
            .build());
  }
}
