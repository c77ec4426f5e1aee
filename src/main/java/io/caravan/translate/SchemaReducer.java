package io.caravan.translate;

import io.caravan.json.RawJson;
import io.caravan.openai.SchemaForm;

/** Fits a tool's JSON schema to what an upstream takes. */
final class SchemaReducer {
  private SchemaReducer() {}

  /** The schema itself where nothing has to change. */
  static RawJson reduce(RawJson schema, SchemaForm form) {
    return schema;
  }
}
