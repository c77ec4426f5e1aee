package io.caravan.limits.upstream;

/** Receives the limits that are in use, so that metrics show them. */
public interface AdmissionListener {
  /** A listener that does nothing. */
  AdmissionListener NONE = (provider, admissions, windows) -> {};

  /**
   * Called each time after limits of a provider have been made.
   *
   * @param provider the provider's name
   * @param admissions the present limits of every provider
   * @param windows the source of the window
   */
  void inUse(String provider, Admissions admissions, WindowSource windows);
}
