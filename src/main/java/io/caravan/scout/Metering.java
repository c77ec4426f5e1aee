package io.caravan.scout;

import io.caravan.provider.Provider;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;

/** Tells whether calls of a provider may cost money. */
final class Metering {
  private Metering() {}

  static boolean isMetered(Provider provider) {
    return provider.getMetered() != null
        ? provider.getMetered()
        : !isPrivate(provider.getBaseUrl());
  }

  private static boolean isPrivate(String url) {
    try {
      InetAddress address = InetAddress.getByName(URI.create(url).getHost());
      return address.isLoopbackAddress()
          || address.isSiteLocalAddress()
          || address.isLinkLocalAddress();
    } catch (IllegalArgumentException | UnknownHostException e) {
      return false;
    }
  }
}
