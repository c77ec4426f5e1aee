package io.caravan.anthropic;

import io.caravan.json.JsonWriter;
import io.caravan.json.RawJson;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** An error as the client gets it over HTTP (platform documentation, "Errors"). */
public final class ErrorBody {
  private ErrorBody() {}

  /**
   * The body, UTF-8: {@code {"type":"error","error":{"type":…,"message":…},"request_id":…}}.
   *
   * @param requestId the same as in the header {@code request-id}; null leaves it out
   */
  public static byte[] write(AnthropicException error, String requestId) {
    return write(error.type(), error.getMessage(), requestId);
  }

  /** The body for an error that is no exception. */
  public static byte[] write(ErrorType type, String message, String requestId) {
    JsonWriter json = new JsonWriter(message.length() + 160).beginObject();
    json.field("type", "error");
    json.beginObject("error").field("type", type.code()).field("message", message).endObject();
    if (requestId != null) {
      json.field("request_id", requestId);
    }
    RawJson body = json.endObject().finish();
    return Arrays.copyOfRange(body.buffer(), body.offset(), body.offset() + body.length());
  }

  /**
   * The headers that tell the client whether and when to ask again: {@code retry-after} in whole
   * seconds, never too early, and {@code x-should-retry}, which Anthropic's SDKs and Claude Code
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
