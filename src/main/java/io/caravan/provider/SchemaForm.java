package io.caravan.provider;

/** Which part of JSON Schema an upstream takes in a tool's parameters. */
public enum SchemaForm {
  /** All of it: schemas are copied byte by byte. */
  FULL,
  /**
   * The part that grammar engines understand: no {@code $schema}, no null {@code required}, no
   * boolean schemas, no {@code pattern} with look-around or Unicode classes.
   */
  REDUCED,
  /**
   * The subset of OpenAPI that Gemini takes: besides the above no references, no {@code const}, no
   * {@code additionalProperties}, no exclusive bounds.
   */
  GEMINI
}
