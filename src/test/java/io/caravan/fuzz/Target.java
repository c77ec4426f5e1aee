package io.caravan.fuzz;

import java.util.List;
import java.util.Random;

/** Something that must stand whatever it is given. */
interface Target extends AutoCloseable {
  /**
   * Gives it one thing.
   *
   * @param random what everything that is random in it is drawn from, so that it can be repeated
   * @return what was wrong; empty where nothing was
   */
  List<String> tryOnce(Random random) throws Exception;

  /** Whether it does all on the calling thread and waits for nothing. */
  boolean onlyComputes();

  @Override
  default void close() {}
}
