package io.caravan.scout;

/** Makes the calls of one check. */
@FunctionalInterface
interface Probe {
  /**
   * Tries a model.
   *
   * @param model the upstream's name of the model
   */
  Observation call(String model, Check check) throws InterruptedException;
}
