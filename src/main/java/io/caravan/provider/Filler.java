package io.caravan.provider;

/** The content of a field without a value. */
public enum Filler {
  /** The field is left out. */
  OMIT,
  /** The field is null. */
  NULL,
  /** The empty string. */
  EMPTY,
  /** One space, for servers that treat an empty string as a missing field. */
  SPACE
}
