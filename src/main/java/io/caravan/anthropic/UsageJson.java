package io.caravan.anthropic;

import io.caravan.json.JsonBytes;

/** Writes usage, with the same fields in a stream and in a whole message. */
final class UsageJson {
  private static final byte[] INPUT = JsonBytes.constant("{\"input_tokens\":");
  private static final byte[] CACHE_CREATION =
      JsonBytes.constant(",\"cache_creation_input_tokens\":");
  private static final byte[] CACHE_READ = JsonBytes.constant(",\"cache_read_input_tokens\":");
  private static final byte[] OUTPUT = JsonBytes.constant(",\"output_tokens\":");
  private static final byte[] THINKING =
      JsonBytes.constant(",\"output_tokens_details\":{\"thinking_tokens\":");
  private static final byte[] SEARCHES =
      JsonBytes.constant(",\"server_tool_use\":{\"web_search_requests\":");
  private static final byte[] FETCHES = JsonBytes.constant(",\"web_fetch_requests\":");
  private static final byte[] CLOSE = JsonBytes.constant("}");

  private UsageJson() {}

  static void write(Usage usage, JsonBytes out) {
    out.raw(INPUT).number(usage.inputTokens());
    out.raw(CACHE_CREATION).number(usage.cacheCreationInputTokens());
    out.raw(CACHE_READ).number(usage.cacheReadInputTokens());
    out.raw(OUTPUT).number(usage.outputTokens());
    if (usage.thinkingTokens() > 0) {
      out.raw(THINKING).number(usage.thinkingTokens()).raw(CLOSE);
    }
    if (usage.serverTools() != null) {
      out.raw(SEARCHES).number(usage.serverTools().webSearchRequests());
      out.raw(FETCHES).number(usage.serverTools().webFetchRequests()).raw(CLOSE);
    }
    out.raw(CLOSE);
  }
}
