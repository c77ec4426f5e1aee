package io.caravan.provider;

/** How far an upstream can be bound to a JSON schema. */
public enum ResponseFormat {
  /** {@code response_format} of type {@code json_schema}. */
  JSON_SCHEMA,
  /** {@code json_object} only; the schema is told to the model in words. */
  JSON_OBJECT,
  /** Not at all; the schema is told to the model in words. */
  NONE
}
