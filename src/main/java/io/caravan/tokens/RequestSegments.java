package io.caravan.tokens;

import com.dynatrace.hash4j.hashing.Hasher128;
import io.caravan.json.JsonText;
import io.caravan.json.RawJson;

/** Counts the text segments of one request: from the cache where it knows them. */
final class RequestSegments {
  private final TextTokens texts;
  private final SegmentCache cache;
  private final Hasher128 hasher;
  private final int cacheMinLength;
  private final long exactLimit;
  private long seen;

  /**
   * @param cacheMinLength segments of fewer characters are counted each time
   * @param exactLimit once the request's segments have so many characters, the others are sampled
   */
  RequestSegments(
      TextTokens texts, SegmentCache cache, String tenant, int cacheMinLength, long exactLimit) {
    this.texts = texts;
    this.cache = cache;
    this.hasher = cache.hasher(tenant == null ? "" : tenant);
    this.cacheMinLength = cacheMinLength;
    this.exactLimit = exactLimit;
  }

  /** The tokens of a text; null has none. */
  long text(String text) {
    return text == null ? 0 : text(JsonText.of(text));
  }

  /**
   * The tokens of a text; null has none. It is only decoded if the cache doesn't know it: what is
   * hashed is the JSON string in its quotes, with which no object begins.
   */
  long text(JsonText text) {
    if (text == null || text.isEmpty()) {
      return 0;
    }
    boolean exact = withinLimit(text.length());
    if (text.length() < cacheMinLength) {
      return count(text.toString(), exact);
    }
    SegmentCache.Key key = key(text.json(), exact);
    Integer known = cache.get(key);
    return known != null ? known : keep(key, count(text.toString(), exact));
  }

  /**
   * The tokens of a JSON text as it is written; it is only decoded if the cache doesn't know it.
   */
  long json(RawJson json) {
    if (json == null || json.length() == 0) {
      return 0;
    }
    boolean exact = withinLimit(json.length());
    if (json.length() < cacheMinLength) {
      return count(json.toString(), exact);
    }
    SegmentCache.Key key = key(json, exact);
    Integer known = cache.get(key);
    return known != null ? known : keep(key, count(json.toString(), exact));
  }

  /**
   * The limit holds for the request, not for a segment, and depends on nothing but the request, so
   * that its number is the same whatever the cache knows.
   */
  private boolean withinLimit(int length) {
    seen += length;
    return seen <= exactLimit;
  }

  private SegmentCache.Key key(RawJson json, boolean exact) {
    return SegmentCache.Key.of(
        hasher.hashBytesTo128Bits(json.buffer(), json.offset(), json.length()),
        exact ? json.length() : -json.length());
  }

  private int count(String text, boolean exact) {
    return exact ? texts.exact(text) : texts.sampled(text);
  }

  private int keep(SegmentCache.Key key, int count) {
    cache.put(key, count);
    return count;
  }
}
