package io.caravan.anthropic;

import io.caravan.json.Json;
import io.caravan.json.JsonWriter;
import io.caravan.json.RawJson;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Writes an error as the client receives it over HTTP (platform documentation, "Errors"). */
public final class ErrorBody {
  private static final int INITIAL_SIZE = 256;

  /** UTF-8 has no form for half a surrogate pair. */
  private static final Pattern LONE_SURROGATE = Pattern.compile("\\p{Cs}");

  private ErrorBody() {}

  /**
   * Returns the body: {@code
   * {"type":"error","error":{"type":…,"message":…,"details":…},"request_id":…}}.
   *
   * @param requestId the value of the header {@code request-id}; null leaves it out
   */
  public static Map<String, Object> of(AnthropicException error, String requestId) {
    Map<String, Object> inner = new LinkedHashMap<>();
    inner.put("type", error.type().code());
    inner.put("message", LONE_SURROGATE.matcher(error.getMessage()).replaceAll("\ufffd"));
    if (error.details() != null) {
      inner.put("details", error.details());
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", "error");
    body.put("error", inner);
    if (requestId != null) {
      body.put("request_id", requestId);
    }
    return body;
  }

  /** Returns the same body in UTF-8, for where no route marshals it. */
  public static byte[] write(AnthropicException error, String requestId) {
    RawJson body = new JsonWriter(INITIAL_SIZE).tree(of(error, requestId)).finish();
    return Arrays.copyOfRange(body.buffer(), body.offset(), body.offset() + body.length());
  }

  /**
   * Returns the {@code error.details} of a body in this form. SDKs act on the code in it.
   *
   * @return the details, or null if there are none
   */
  public static RawJson details(byte[] body) {
    RawJson whole = new RawJson(body, 0, body.length);
    RawJson error = Json.isObject(whole) ? Json.members(whole).get("error") : null;
    RawJson details =
        error != null && Json.isObject(error) ? Json.members(error).get("details") : null;
    return details != null && Json.isObject(details) ? details : null;
  }

  /**
   * Returns the headers that tell the client whether and when to retry: {@code retry-after} in
   * whole seconds, rounded up, and {@code x-should-retry}, which Anthropic's SDKs and Claude Code
   * obey before the status.
   */
  public static Map<String, String> headers(AnthropicException error) {
    Map<String, String> headers = new LinkedHashMap<>();
    Duration after = error.retryAfter();
    if (after != null) {
      long seconds = after.plusNanos(999_999_999).toSeconds();
      headers.put("retry-after", Long.toString(Math.max(0, seconds)));
    }
    if (error.shouldRetry() != null) {
      headers.put("x-should-retry", error.shouldRetry().toString());
    }
    return headers;
  }
}
