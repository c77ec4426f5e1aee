package io.caravan.anthropic;

import io.caravan.json.Json;
import io.caravan.json.JsonWriter;
import io.caravan.json.RawJson;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes an error as the client receives it over HTTP (platform documentation, "Errors"). */
public final class ErrorBody {
  private ErrorBody() {}

  /**
   * Returns the body in UTF-8: {@code
   * {"type":"error","error":{"type":…,"message":…},"request_id":…}}.
   *
   * @param requestId the value of the header {@code request-id}; null leaves it out
   */
  public static byte[] write(AnthropicException error, String requestId) {
    return write(error.type(), error.getMessage(), error.details(), requestId);
  }

  /** Returns the body for an error that isn't an exception. */
  public static byte[] write(ErrorType type, String message, String requestId) {
    return write(type, message, null, requestId);
  }

  private static byte[] write(ErrorType type, String message, RawJson details, String requestId) {
    JsonWriter json = new JsonWriter(message.length() + 160).beginObject();
    json.field("type", "error");
    json.beginObject("error").field("type", type.code()).field("message", message);
    if (details != null) {
      json.field("details", details);
    }
    json.endObject();
    if (requestId != null) {
      json.field("request_id", requestId);
    }
    RawJson body = json.endObject().finish();
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
