package io.caravan.fetch;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A list of hosts in a setting: {@code example.com} is that host alone, {@code *.example.com} any
 * below it, {@code *} any; {@code wiki.example:8080} has a port.
 */
record HostList(List<String> patterns) {
  static HostList of(String text) {
    return new HostList(
        Arrays.stream((text == null ? "" : text).split(","))
            .map(each -> each.strip().toLowerCase(Locale.ROOT))
            .filter(each -> !each.isEmpty())
            .toList());
  }

  boolean isEmpty() {
    return patterns.isEmpty();
  }

  /** Returns whether a host is in the list, with any port or with this one. */
  boolean contains(String host, int port) {
    return patterns.stream()
        .anyMatch(pattern -> matches(pattern, host) || matches(pattern, host + ":" + port));
  }

  private static boolean matches(String pattern, String name) {
    return pattern.equals("*")
        || pattern.equals(name)
        || (pattern.startsWith("*.") && name.endsWith(pattern.substring(1)));
  }
}
