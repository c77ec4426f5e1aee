package io.caravan.provider;

/** The part of JSON Schema that an upstream accepts in a tool's parameters. */
public enum SchemaForm {
  /** The whole of it: schemas are copied byte by byte. */
  FULL,
  /**
   * The part that most servers and grammar engines understand: no {@code $schema}, no null {@code
   * required}, no {@code true} or {@code false} as a schema, {@code pattern} in the words of every
   * engine.
   */
  REDUCED,
  /**
   * The subset of OpenAPI that Gemini accepts: besides the limits of {@code REDUCED} no references,
   * no {@code const}, no {@code additionalProperties}, no exclusive bounds.
   */
  GEMINI,
  /**
   * The part that every server reads: types, descriptions, properties, items and choices of
   * strings.
   */
  PLAIN
}
