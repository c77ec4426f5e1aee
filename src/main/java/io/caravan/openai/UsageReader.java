package io.caravan.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Reads a {@code usage} object under the several names that servers use. */
final class UsageReader {
  private long prompt = -1;
  private long completion = -1;
  private long total = -1;
  private long cached = -1;
  private long cacheWrite = -1;
  private long reasoning = -1;

  private UsageReader() {}

  /** Returns the usage, or null if the value holds no number. */
  static UpstreamUsage read(JsonParser p, JsonToken value) throws IOException {
    if (value != JsonToken.START_OBJECT) {
      p.skipChildren();
      return null;
    }
    UsageReader reader = new UsageReader();
    reader.object(p);
    return reader.isEmpty() ? null : reader.toUsage();
  }

  private void object(JsonParser p) throws IOException {
    for (String name = p.nextFieldName(); name != null; name = p.nextFieldName()) {
      JsonToken value = p.nextToken();
      if (value == JsonToken.START_OBJECT && name.endsWith("_tokens_details")) {
        object(p);
      } else if (value == JsonToken.START_OBJECT || value == JsonToken.START_ARRAY) {
        p.skipChildren();
      } else {
        number(name, value(p, value));
      }
    }
  }

  private void number(String name, long value) {
    switch (name) {
      case "prompt_tokens", "input_tokens" -> prompt = first(prompt, value);
      case "completion_tokens", "output_tokens" -> completion = first(completion, value);
      case "total_tokens" -> total = value;
      // OpenAI puts it into the details, Moonshot beside them, and DeepSeek uses a name of its own.
      case "cached_tokens", "prompt_cache_hit_tokens", "cache_read_input_tokens" ->
          cached = Math.max(cached, value);
      // OpenRouter, vLLM, LiteLLM.
      case "cache_write_tokens", "created_cache_tokens", "cache_creation_input_tokens" ->
          cacheWrite = Math.max(cacheWrite, value);
      case "reasoning_tokens" -> reasoning = Math.max(reasoning, value);
      default -> {}
    }
  }

  private static long first(long known, long value) {
    return known < 0 ? value : known;
  }

  /** Returns a count, or -1 for a value that can't be one. */
  private static long value(JsonParser p, JsonToken token) throws IOException {
    if (!token.isScalarValue() || token == JsonToken.VALUE_NULL) {
      return -1;
    }
    // It is read as a double: neither a fraction nor twenty digits are a reason to fail.
    double value = p.getValueAsDouble(-1);
    return value >= 0 && value < Long.MAX_VALUE ? (long) value : -1;
  }

  private boolean isEmpty() {
    return prompt < 0 && completion < 0 && total < 0;
  }

  private UpstreamUsage toUsage() {
    return new UpstreamUsage(prompt, completion, total, cached, cacheWrite, reasoning);
  }
}
