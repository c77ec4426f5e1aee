package io.caravan.doctor;

/** Is given the findings of an examination, in their order. */
public interface Findings {
  void add(Finding finding);

  /** Is told what is being tried, until the next finding. */
  default void trying(String what) {}
}
