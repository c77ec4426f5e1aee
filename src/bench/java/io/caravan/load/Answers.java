package io.caravan.load;

import java.nio.charset.StandardCharsets;

/** The responses of the {@link FastUpstream} and their parts, most of them made once. */
final class Answers {
  private static final String ENVELOPE =
      "{\"id\":\"chatcmpl-3f2a9c\",\"object\":\"chat.completion.chunk\",\"created\":1763900000,"
          + "\"model\":\"bench/model\",\"choices\":";
  static final byte[] STREAM_HEAD =
      ascii(
          "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
  static final byte[] ROLE = chunk(delta("{\"role\":\"assistant\",\"content\":\"\"}", "null"));
  private static final byte[] TOKEN =
      chunk(delta("{\"content\":\"" + ascii(Tokens.token(0)) + "\"}", "null"));
  private static final int TOKEN_AT = indexOf(TOKEN, (byte) '@');

  private Answers() {}

  static byte[] tokenChunk(long number) {
    byte[] chunk = TOKEN.clone();
    Tokens.write(number, chunk, TOKEN_AT);
    return chunk;
  }

  static byte[] end(int events) {
    return chunk(
        delta("{}", "\"stop\"")
            + "data: "
            + ENVELOPE
            + "[],\"usage\":"
            + usage(events)
            + "}\n\ndata: [DONE]\n\n",
        "0\r\n\r\n");
  }

  /** Returns a whole completion, for a client that does not stream. */
  static byte[] whole(int events) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < events; i++) {
      text.append(ascii(Tokens.token(i)));
    }
    String body =
        ENVELOPE.replace(".chunk", "")
            + "[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
            + text
            + "\"},\"finish_reason\":\"stop\"}],\"usage\":"
            + usage(events)
            + "}";
    return json(body);
  }

  private static String usage(int events) {
    return "{\"prompt_tokens\":20,\"completion_tokens\":%d,\"total_tokens\":%d}"
        .formatted(events, events + 20);
  }

  private static String delta(String delta, String finishReason) {
    return "data: "
        + ENVELOPE
        + "[{\"index\":0,\"delta\":"
        + delta
        + ",\"logprobs\":null,\"finish_reason\":"
        + finishReason
        + "}]}\n\n";
  }

  /** Returns the list of models. */
  static byte[] models() {
    return json("{\"object\":\"list\",\"data\":[{\"id\":\"bench/model\",\"object\":\"model\"}]}");
  }

  private static byte[] json(String body) {
    return ascii(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  private static byte[] chunk(String data) {
    return chunk(data, "");
  }

  private static byte[] chunk(String data, String after) {
    return ascii(Integer.toHexString(data.length()) + "\r\n" + data + "\r\n" + after);
  }

  private static int indexOf(byte[] bytes, byte wanted) {
    int at = 0;
    while (bytes[at] != wanted) {
      at++;
    }
    return at;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String ascii(byte[] bytes) {
    return new String(bytes, StandardCharsets.US_ASCII);
  }
}
