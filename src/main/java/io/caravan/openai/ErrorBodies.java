package io.caravan.openai;

import io.caravan.json.JsonTree;
import io.caravan.json.RawJson;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Reads the bodies that upstreams send in place of a completion: OpenAI's envelope, flat objects,
 * RFC 9457 problem documents, FastAPI's and pydantic's lists, Python's {@code repr} in a string,
 * arrays (Gemini), errors wrapped in errors (OpenRouter, gateways before gateways), HTML of a load
 * balancer, plain text, nothing. A body that can't be read becomes the message as it came; nothing
 * is thrown.
 */
public final class ErrorBodies {
  /** The longest message returned, in UTF-16 units. */
  static final int MAX_MESSAGE = ErrorText.MAX_MESSAGE;

  /** The most bytes of a body that are read. */
  public static final int MAX_BODY = 256 * 1024;

  private ErrorBodies() {}

  /**
   * Reads the body of a failed call.
   *
   * @param status the HTTP status; if it is below 400, a status in the body is used instead
   * @param contentType the content type, or null
   * @param body the body, which may be empty; only the first {@link #MAX_BODY} bytes are read
   */
  public static UpstreamError parse(int status, String contentType, byte[] body) {
    int length = Math.min(body.length, MAX_BODY);
    String text = new String(body, 0, length, StandardCharsets.UTF_8);
    if (text.startsWith("\uFEFF")) {
      text = text.substring(1);
    }
    text = withoutEventStream(text.strip());
    if (isHtml(contentType, text)) {
      text = ErrorText.ofHtml(text);
    }
    ErrorTree tree = new ErrorTree();
    tree.text(text);
    return tree.error(status);
  }

  /**
   * Reads an error that came as an event of a stream.
   *
   * @param json the event's data
   */
  public static UpstreamError parse(String json) {
    return parse(0, null, json.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns JSON text as maps and lists, or null if it isn't JSON. */
  static Object tree(String text) {
    try {
      return JsonTree.read(RawJson.of(text));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /**
   * Unwraps an event stream: Alibaba sends 400 with a stream of one error
   * (anomalyco/opencode#40770).
   */
  private static String withoutEventStream(String text) {
    if (!text.startsWith("data:") && !text.startsWith("event:") && !text.startsWith(":")) {
      return text;
    }
    for (String line : text.split("\n", -1)) {
      if (line.startsWith("data:") && !line.substring(5).isBlank()) {
        return line.substring(5).strip();
      }
    }
    return text;
  }

  private static boolean isHtml(String contentType, String text) {
    String type = contentType == null ? "" : contentType.toLowerCase(Locale.ROOT);
    boolean tag = text.length() > 1 && text.charAt(0) == '<' && !Character.isDigit(text.charAt(1));
    return tag || (type.contains("html") && text.contains("</"));
  }
}
