package io.caravan.testkit;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/**
 * The {@code data:} lines of an OpenAI-compatible stream, in a short form so that a test reads like
 * its conversation. Each method returns one whole SSE event with its empty line.
 */
public final class Chunks {
  /** The line that ends a stream. */
  public static final String DONE = "data: [DONE]\n\n";

  private Chunks() {}

  /** Returns the first chunk of most servers: a role and an empty content. */
  public static String role() {
    return delta("{\"role\":\"assistant\",\"content\":\"\"}");
  }

  /** Returns a piece of text. */
  public static String text(String text) {
    return delta("{\"content\":" + quote(text) + "}");
  }

  /** Returns a piece of reasoning, in the field that NIM and DeepSeek use. */
  public static String reasoning(String text) {
    return delta("{\"reasoning_content\":" + quote(text) + "}");
  }

  /** Returns a tool call in one piece. */
  public static String toolCall(int index, String id, String name, String arguments) {
    return delta(
        "{\"tool_calls\":[{\"index\":%d,\"id\":%s,\"type\":\"function\",\"function\":{\"name\":%s,\"arguments\":%s}}]}"
            .formatted(index, quote(id), quote(name), quote(arguments)));
  }

  /** Returns the first piece of a tool call, before its {@link #toolArguments}. */
  public static String toolStart(int index, String id, String name) {
    return toolCall(index, id, name, "");
  }

  /** Returns a further piece of a tool call's arguments. */
  public static String toolArguments(int index, String fragment) {
    return delta(
        "{\"tool_calls\":[{\"index\":%d,\"function\":{\"arguments\":%s}}]}"
            .formatted(index, quote(fragment)));
  }

  /** Returns a chunk that has a finish reason only. */
  public static String finish(String reason) {
    return choice("{\"index\":0,\"delta\":{},\"finish_reason\":" + quote(reason) + "}", "null");
  }

  /** Returns the usage chunk that {@code stream_options.include_usage} requests. */
  public static String usage(long promptTokens, long completionTokens) {
    return "data: "
        + envelope(
            "[]",
            "{\"prompt_tokens\":%d,\"completion_tokens\":%d,\"total_tokens\":%d}"
                .formatted(promptTokens, completionTokens, promptTokens + completionTokens))
        + "\n\n";
  }

  /**
   * Returns the usage chunk of a server with a prompt cache.
   *
   * @param promptTokens all tokens of the prompt, with those from the cache
   */
  public static String usage(long promptTokens, long cachedTokens, long completionTokens) {
    return "data: "
        + envelope(
            "[]",
            "{\"prompt_tokens\":%d,\"completion_tokens\":%d,\"total_tokens\":%d,\"prompt_tokens_details\":{\"cached_tokens\":%d}}"
                .formatted(
                    promptTokens, completionTokens, promptTokens + completionTokens, cachedTokens))
        + "\n\n";
  }

  /** Returns a failure that the upstream reports inside a stream. */
  public static String error(int code, String message) {
    return "data: {\"error\":{\"message\":%s,\"type\":\"server_error\",\"code\":%d}}\n\n"
        .formatted(quote(message), code);
  }

  /** Returns a chunk with the given {@code delta} object. */
  public static String delta(String delta) {
    return choice("{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":null}", "null");
  }

  /** Returns a comment, which servers send to keep a connection alive. */
  public static String comment(String text) {
    return ": " + text + "\n\n";
  }

  /** Returns a whole non-streaming completion with the given text. */
  public static String completion(String text) {
    return "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"scripted/model\","
        + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":"
        + quote(text)
        + "},\"finish_reason\":\"stop\"}],"
        + "\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5,\"total_tokens\":15}}";
  }

  /** Returns the JSON string of the text, with its quotes. */
  public static String quote(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }

  private static String choice(String choice, String usage) {
    return "data: " + envelope("[" + choice + "]", usage) + "\n\n";
  }

  private static String envelope(String choices, String usage) {
    return "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"scripted/model\","
        + "\"choices\":"
        + choices
        + ",\"usage\":"
        + usage
        + "}";
  }
}
