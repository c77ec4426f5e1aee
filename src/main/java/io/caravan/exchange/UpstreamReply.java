package io.caravan.exchange;

import io.caravan.http.UpstreamCall;
import io.caravan.provider.Provider;
import io.caravan.translate.error.Secrets;

/**
 * The facts about a call in the head of its upstream's response.
 *
 * @param status the HTTP status; 0 if there was none
 * @param requestId the upstream's own id of the call, or null
 */
public record UpstreamReply(int status, String requestId) {
  static final UpstreamReply NONE = new UpstreamReply(0, null);

  private static final int MAX_LENGTH = 128;

  /** Reads the head of a response that has come. */
  public static UpstreamReply of(UpstreamCall call, Provider provider) {
    for (String header : provider.requestIdHeaderNames()) {
      String id = call.header(header);
      // It is logged and shown, and an upstream may send our key back in any header.
      if (isId(id) && !Secrets.of(provider.secrets()).isIn(id)) {
        return new UpstreamReply(call.status(), id);
      }
    }
    return new UpstreamReply(call.status(), null);
  }

  /** Returns whether a text can be an id; it goes into logs, and an upstream may send anything. */
  private static boolean isId(String text) {
    return text != null
        && !text.isEmpty()
        && text.length() <= MAX_LENGTH
        && text.chars().allMatch(c -> c > ' ' && c < 127 && c != '"' && c != '\\');
  }
}
