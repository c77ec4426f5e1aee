package io.caravan.provider;

/** What stands in a field that has nothing to say. */
public enum Filler {
  /** The field is left out. */
  OMIT,
  /** The field is null. */
  NULL,
  /** The empty string. */
  EMPTY,
  /** One space, for servers that take an empty string for a missing field. */
  SPACE
}
