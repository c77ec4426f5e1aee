package io.caravan.fuzz;

import java.util.List;
import java.util.Random;

/** Code under test that must cope with any input. */
interface Target extends AutoCloseable {
  /**
   * Tries one input.
   *
   * @param random the source of all random choices, so that a try can be repeated
   * @return the faults; empty if there are none
   */
  List<String> tryOnce(Random random) throws Exception;

  /** Returns whether it only computes, on the calling thread, and waits for nothing. */
  boolean onlyComputes();

  @Override
  default void close() {}
}
