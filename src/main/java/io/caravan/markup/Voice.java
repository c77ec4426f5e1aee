package io.caravan.markup;

/** Which part of the answer a text belongs to. */
enum Voice {
  CONTENT,
  REASONING
}
