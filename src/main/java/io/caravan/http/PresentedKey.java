package io.caravan.http;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorType;
import io.caravan.limits.client.Client;
import io.caravan.limits.client.ClientKeys;
import io.vertx.core.http.HttpServerRequest;

/** The key that a client presents with a request. */
public final class PresentedKey {
  private static final String BEARER = "Bearer ";

  private PresentedKey() {}

  /** Returns the key in {@code x-api-key} or in {@code Authorization: Bearer}, or null. */
  public static String of(HttpServerRequest request) {
    String key = request.getHeader("x-api-key");
    if (key != null) {
      return key;
    }
    String authorization = request.getHeader("authorization");
    boolean bearer =
        authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length());
    return bearer ? authorization.substring(BEARER.length()).strip() : null;
  }

  /** Returns the client of the request's key, or null if the keys have no such one. */
  public static Client client(HttpServerRequest request, ClientKeys keys) {
    CountedRequest counted = CountedRequest.current();
    Client found = counted == null ? null : counted.client(keys);
    return found == null ? keys.authenticate(of(request)) : found;
  }

  /** Returns the error for a key that the gateway does not know. */
  public static AnthropicException unknown() {
    return unknown(
        // Claude Code shows "Not logged in" in place of a message that names the header of the key.
        "This gateway does not know the API key. Send one of its client keys as"
            + " Authorization: Bearer, in Claude Code by ANTHROPIC_AUTH_TOKEN.");
  }

  static AnthropicException unknown(String message) {
    return new AnthropicException(
        ErrorType.AUTHENTICATION,
        ErrorType.AUTHENTICATION.status(),
        message,
        null,
        // Claude Code repeats a plain 401 for three minutes.
        false,
        null);
  }
}
