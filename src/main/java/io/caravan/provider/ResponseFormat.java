package io.caravan.provider;

/** The ways in which an upstream can be bound to a JSON schema. */
public enum ResponseFormat {
  /** {@code response_format} of type {@code json_schema}. */
  JSON_SCHEMA,
  /** {@code json_object} only; the schema is given to the model in words. */
  JSON_OBJECT,
  /** No binding; the schema is given to the model in words. */
  NONE
}
