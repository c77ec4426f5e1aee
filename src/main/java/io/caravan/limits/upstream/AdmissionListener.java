package io.caravan.limits.upstream;

/** Is told which limits are in use: metrics show them. */
public interface AdmissionListener {
  /** Tells nobody. */
  AdmissionListener NONE = (provider, admissions, windows) -> {};

  /**
   * Is called each time that limits of a provider have been made.
   *
   * @param provider its name
   * @param admissions holds the present limits of every provider
   * @param windows made the window
   */
  void inUse(String provider, Admissions admissions, WindowSource windows);
}
