package io.caravan.provider;

/** The part of JSON Schema that an upstream accepts in a tool's parameters. */
public enum SchemaForm {
  /** The whole of it: schemas are copied byte by byte. */
  FULL,
  /**
   * The part that grammar engines understand: no {@code $schema}, no null {@code required}, no
   * boolean schemas, no {@code pattern} with look-around or Unicode classes.
   */
  REDUCED,
  /**
   * The subset of OpenAPI that Gemini accepts: besides the limits of {@code REDUCED} no references,
   * no {@code const}, no {@code additionalProperties}, no exclusive bounds.
   */
  GEMINI
}
