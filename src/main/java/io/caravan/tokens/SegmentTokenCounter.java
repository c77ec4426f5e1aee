package io.caravan.tokens;

import com.github.benmanes.caffeine.cache.stats.CacheStats;
import io.caravan.anthropic.MessagesRequest;
import java.time.Duration;

/**
 * Counts a request text by text and keeps the count of each, so that a conversation's next turn
 * costs little more than hashing it. Subclasses bring the vocabulary.
 *
 * <p>A plain bean: set its properties before the first count; later changes of those that concern
 * the cache, limits and vocabulary have no effect. Safe to use from several threads. Counting
 * throws nothing, whatever the texts contain.
 */
public abstract class SegmentTokenCounter implements TokenCounter {
  /** A few tenths of a second; four times as many made the next requests no quicker. */
  private static final int WARM_UP_ROUNDS = 10;

  private final Framing framing = new Framing();
  private final ImageTokens image = new ImageTokens();
  private final DocumentTokens document = new DocumentTokens();
  private int cacheSize = 200_000;
  private int cacheMinLength = 64;
  private int cacheExpiryMinutes = 60;
  private int exactLimit = 4_000_000;
  private int maxConcurrentCounts = Runtime.getRuntime().availableProcessors();
  private volatile Loaded loaded;

  /** What the first count, or the warm-up, makes. */
  private record Loaded(TextTokens texts, SegmentCache cache) {}

  /** Reads the vocabulary; called once. */
  abstract Vocabulary loadVocabulary();

  @Override
  public final long count(MessagesRequest request, String tenant) {
    Loaded with = loaded();
    return count(request, tenant, with.texts, with.cache);
  }

  private long count(MessagesRequest request, String tenant, TextTokens texts, SegmentCache cache) {
    var segments = new RequestSegments(texts, cache, tenant, cacheMinLength, exactLimit);
    return new RequestTokens(segments, framing, image, document).count(request);
  }

  @Override
  public final void warmUp() {
    if (loaded != null) {
      return;
    }
    Loaded with = loaded();
    SegmentCache scratch = newCache();
    for (int round = 0; round < WARM_UP_ROUNDS; round++) {
      // The even rounds miss the cache and count, the odd ones find what these have counted.
      count(WarmUp.request(round / 2), "", with.texts, scratch);
    }
  }

  private Loaded loaded() {
    Loaded now = loaded;
    return now != null ? now : load();
  }

  private synchronized Loaded load() {
    if (loaded == null) {
      loaded = new Loaded(new TextTokens(loadVocabulary(), maxConcurrentCounts), newCache());
    }
    return loaded;
  }

  private SegmentCache newCache() {
    return new SegmentCache(cacheSize, Duration.ofMinutes(cacheExpiryMinutes));
  }

  /** What chat templates add, in tokens: {@code framing.message} and so on. */
  public Framing getFraming() {
    return framing;
  }

  /** How images are counted: {@code image.maxEdge} and so on. */
  public ImageTokens getImage() {
    return image;
  }

  /** How PDFs are counted: {@code document.pageTokens} and so on. */
  public DocumentTokens getDocument() {
    return document;
  }

  public int getCacheSize() {
    return cacheSize;
  }

  /**
   * How many counts are kept, at about 120 bytes each; 200,000 by default, enough for a thousand
   * live conversations of Claude Code. 0 keeps none.
   */
  public void setCacheSize(int cacheSize) {
    this.cacheSize = Numbers.atLeast(0, cacheSize, "cacheSize");
  }

  public int getCacheMinLength() {
    return cacheMinLength;
  }

  /** Texts of fewer characters are counted each time: that is quicker; 64 by default. */
  public void setCacheMinLength(int cacheMinLength) {
    this.cacheMinLength = Numbers.atLeast(0, cacheMinLength, "cacheMinLength");
  }

  public int getCacheExpiryMinutes() {
    return cacheExpiryMinutes;
  }

  /** How long a count is kept after its last use; 60 minutes by default. */
  public void setCacheExpiryMinutes(int cacheExpiryMinutes) {
    this.cacheExpiryMinutes = Numbers.atLeast(1, cacheExpiryMinutes, "cacheExpiryMinutes");
  }

  public int getExactLimit() {
    return exactLimit;
  }

  /**
   * How many characters of a request are counted exactly; the texts after those are estimated from
   * samples. 4,000,000 by default, about a million tokens; at least 10,000.
   */
  public void setExactLimit(int exactLimit) {
    this.exactLimit = Numbers.atLeast(10_000, exactLimit, "exactLimit");
  }

  public int getMaxConcurrentCounts() {
    return maxConcurrentCounts;
  }

  /**
   * How many texts over 32,768 characters are counted at the same time; others wait. The number of
   * processors by default: more would only take turns, and take memory.
   */
  public void setMaxConcurrentCounts(int maxConcurrentCounts) {
    this.maxConcurrentCounts = Numbers.atLeast(1, maxConcurrentCounts, "maxConcurrentCounts");
  }

  /** Texts found in the cache so far. */
  public long getCacheHits() {
    return stats().hitCount();
  }

  /** Texts looked for in the cache in vain so far. */
  public long getCacheMisses() {
    return stats().missCount();
  }

  /** Counts dropped from the cache so far, because it was full or they were old. */
  public long getCacheEvictions() {
    return stats().evictionCount();
  }

  /** Counts in the cache now, about. */
  public long getCacheEntries() {
    Loaded now = loaded;
    return now == null ? 0 : now.cache.size();
  }

  /** Texts estimated from samples so far, because their request was over the exact limit. */
  public long getSampledTexts() {
    Loaded now = loaded;
    return now == null ? 0 : now.texts.sampledCount();
  }

  private CacheStats stats() {
    Loaded now = loaded;
    return now == null ? CacheStats.empty() : now.cache.stats();
  }
}
