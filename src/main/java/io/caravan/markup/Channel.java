package io.caravan.markup;

/** Which part of the answer a text belongs to. */
enum Channel {
  CONTENT,
  REASONING
}
