package io.caravan.markup;

/** The part of a completion that a text belongs to. */
enum Channel {
  CONTENT,
  REASONING
}
