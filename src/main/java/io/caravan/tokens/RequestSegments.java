package io.caravan.tokens;

import com.dynatrace.hash4j.hashing.Hasher128;
import io.caravan.json.JsonText;
import io.caravan.json.RawJson;

/** Counts the text segments of one request. Segments in the cache are not counted again. */
final class RequestSegments {
  private final TextTokens texts;
  private final SegmentCache cache;
  private final Hasher128 hasher;
  private final int cacheMinLength;
  private final long exactLimit;
  private long seen;

  /**
   * @param cacheMinLength the least length in characters of a segment that is cached; shorter ones
   *     are counted each time
   * @param exactLimit the characters of the request's segments that are counted exactly; the others
   *     are sampled
   */
  RequestSegments(
      TextTokens texts, SegmentCache cache, String tenant, int cacheMinLength, long exactLimit) {
    this.texts = texts;
    this.cache = cache;
    this.hasher = cache.hasher(tenant == null ? "" : tenant);
    this.cacheMinLength = cacheMinLength;
    this.exactLimit = exactLimit;
  }

  /** Returns the tokens of a text; 0 for null. */
  long text(String text) {
    return text == null ? 0 : text(JsonText.of(text));
  }

  /**
   * Returns the tokens of a text; 0 for null. The text is decoded only if the cache doesn't know
   * it: the hash is that of the JSON string in its quotes, with which no object begins.
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
   * Returns the tokens of a JSON text as it is written. It is decoded only if the cache doesn't
   * know it.
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
   * Returns whether a segment is within the exact limit. The limit holds for the request, not for a
   * segment, and depends on nothing but the request, so that the result doesn't depend on the
   * cache.
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
