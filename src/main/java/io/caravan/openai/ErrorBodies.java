package io.caravan.openai;

import io.caravan.json.JsonTree;
import io.caravan.json.RawJson;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Reads what upstreams answer in place of a completion: OpenAI's envelope, flat objects, RFC 9457
 * problem documents, FastAPI's and pydantic's lists, Python's {@code repr} in a string, arrays
 * (Gemini), errors wrapped in errors (OpenRouter, gateways before gateways), HTML of a load
 * balancer, plain text, nothing. What can't be read is told as it came; nothing is thrown.
 */
public final class ErrorBodies {
  /** Longest message given, in UTF-16 units. */
  public static final int MAX_MESSAGE = ErrorText.MAX_MESSAGE;

  /** Bytes of a body that are looked at. */
  public static final int MAX_BODY = 256 * 1024;

  private ErrorBodies() {}

  /**
   * Reads the answer to a call.
   *
   * @param status the HTTP status; where it is below 400, one that the body names is taken
   * @param contentType or null
   * @param body may be empty; only the first {@link #MAX_BODY} bytes count
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

  /** JSON text as maps and lists, or null where it is none. */
  static Object tree(String text) {
    try {
      return JsonTree.read(RawJson.of(text));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Alibaba answers 400 with an event stream of one error (anomalyco/opencode#40770). */
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
