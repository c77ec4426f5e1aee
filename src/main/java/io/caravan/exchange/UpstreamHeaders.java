package io.caravan.exchange;

import io.caravan.provider.Provider;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The headers of a call: the provider's key, its configured headers, and the headers of the client
 * that it forwards.
 */
public final class UpstreamHeaders {
  private static final String VERSION = "anthropic-version";

  /** The version for a client that has named none; any client may have been written for it. */
  private static final String OLDEST_VERSION = "2023-06-01";

  private UpstreamHeaders() {}

  /** Returns the headers of a call with the first key, by name, in a map that may be changed. */
  public static Map<String, String> of(Provider provider, ClientInfo client) {
    return of(provider, client, provider.callKey());
  }

  /**
   * Returns the headers by name, in a map that may be changed.
   *
   * @param key the key of the call; null or blank for none
   */
  public static Map<String, String> of(Provider provider, ClientInfo client, String key) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (String name : provider.forwardHeaderNames()) {
      String value = ofClient(name.toLowerCase(Locale.ROOT), client);
      if (value != null) {
        headers.put(name, value);
      }
    }
    if (key != null && !key.isBlank()) {
      boolean bearer = provider.getKeyHeader().equalsIgnoreCase("Authorization");
      headers.put(provider.getKeyHeader(), (bearer ? "Bearer " : "") + key.strip());
    }
    headers.putAll(provider.headerMap());
    return headers;
  }

  private static String ofClient(String name, ClientInfo client) {
    return switch (name) {
      case VERSION -> client.version() == null ? OLDEST_VERSION : client.version();
      case "anthropic-beta" -> client.betas();
      case "traceparent" -> client.traceparent();
      default -> null;
    };
  }
}
