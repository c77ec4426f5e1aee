package io.caravan.provider;

/**
 * One of the keys of a provider. It is named by its place in the list; the key itself is printed
 * nowhere.
 *
 * @param provider the provider's name
 * @param number its place in the list, from 1
 * @param secret the key
 */
public record UpstreamKey(String provider, int number, String secret) {
  /** Returns the name of its limits: the provider's for the first key, else with its number. */
  public String name() {
    return provider + suffix();
  }

  /** Returns nothing for the first key, and the number behind a {@code #} for another. */
  public String suffix() {
    return number == 1 ? "" : "#" + number;
  }

  @Override
  public String toString() {
    return name();
  }
}
