package io.caravan.attack;

/**
 * One attack, as the first one of its kind succeeded.
 *
 * @param name a few words for the table
 * @param before what it did when it was found
 * @param attempt the attack itself
 */
record Attack(String name, String before, Attempt attempt) {
  /** Attacks a gateway. */
  @FunctionalInterface
  interface Attempt {
    Result run(Lab lab) throws Exception;
  }

  /**
   * The end of an attack.
   *
   * @param now what it does now
   * @param held whether the gateway has held
   */
  record Result(String now, boolean held) {}
}
