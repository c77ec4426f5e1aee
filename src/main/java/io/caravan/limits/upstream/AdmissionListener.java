package io.caravan.limits.upstream;

/** Receives the limits that are in use, so that metrics show them. */
public interface AdmissionListener {
  /** A listener that does nothing. */
  AdmissionListener NONE = (key, admissions, windows) -> {};

  /**
   * Called each time after limits of a provider's key have been made.
   *
   * @param key the provider's name, with {@code #} and a number for another key than the first
   * @param admissions the present limits of every key
   * @param windows the source of the window
   */
  void inUse(String key, Admissions admissions, WindowSource windows);
}
