package io.caravan.tokens;

import com.github.benmanes.caffeine.cache.stats.CacheStats;
import io.caravan.anthropic.MessagesRequest;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Counts a request text by text and keeps the count of each, so that a conversation's next turn
 * costs little more than its hash. Subclasses provide the vocabulary.
 *
 * <p>This is a plain bean. Set its properties before the first count; later changes of the cache,
 * the limits and the vocabulary have no effect. It is safe to use from several threads. Counting
 * throws nothing, whatever the texts contain.
 */
public abstract class SegmentTokenCounter implements TokenCounter {
  /**
   * The rounds of the warm-up. They take a few tenths of a second; four times as many made the next
   * requests no faster.
   */
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
  private final AtomicBoolean warm = new AtomicBoolean();

  /** The parts that are made once. */
  private record Loaded(TextTokens texts, SegmentCache cache) {}

  /** Reads the vocabulary. It is called once. */
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
  public final void load() {
    loaded();
  }

  @Override
  public final void warmUp() {
    Loaded with = loaded();
    if (!warm.compareAndSet(false, true)) {
      return;
    }
    SegmentCache scratch = newCache();
    for (int round = 0; round < WARM_UP_ROUNDS; round++) {
      // The even rounds miss the cache and count; the odd ones find those counts.
      count(WarmUp.request(round / 2), "", with.texts, scratch);
    }
  }

  private Loaded loaded() {
    Loaded now = loaded;
    return now != null ? now : loadedOnce();
  }

  private synchronized Loaded loadedOnce() {
    if (loaded == null) {
      loaded = new Loaded(new TextTokens(loadVocabulary(), maxConcurrentCounts), newCache());
    }
    return loaded;
  }

  private SegmentCache newCache() {
    return new SegmentCache(cacheSize, Duration.ofMinutes(cacheExpiryMinutes));
  }

  /** Returns the tokens that chat templates add: {@code framing.message} and so on. */
  public Framing getFraming() {
    return framing;
  }

  /** Returns the settings for images: {@code image.maxEdge} and so on. */
  public ImageTokens getImage() {
    return image;
  }

  /** Returns the settings for PDFs: {@code document.pageTokens} and so on. */
  public DocumentTokens getDocument() {
    return document;
  }

  public int getCacheSize() {
    return cacheSize;
  }

  /**
   * Sets the number of counts that are kept, at about 120 bytes each; 200,000 by default, enough
   * for a thousand live conversations of Claude Code. 0 keeps none.
   */
  public void setCacheSize(int cacheSize) {
    this.cacheSize = Numbers.atLeast(0, cacheSize, "cacheSize");
  }

  public int getCacheMinLength() {
    return cacheMinLength;
  }

  /**
   * Sets the least length in characters of a text that is cached; 64 by default. Shorter ones are
   * counted each time, which is faster.
   */
  public void setCacheMinLength(int cacheMinLength) {
    this.cacheMinLength = Numbers.atLeast(0, cacheMinLength, "cacheMinLength");
  }

  public int getCacheExpiryMinutes() {
    return cacheExpiryMinutes;
  }

  /** Sets the minutes for which a count is kept after its last use; 60 by default. */
  public void setCacheExpiryMinutes(int cacheExpiryMinutes) {
    this.cacheExpiryMinutes = Numbers.atLeast(1, cacheExpiryMinutes, "cacheExpiryMinutes");
  }

  public int getExactLimit() {
    return exactLimit;
  }

  /**
   * Sets the characters of a request that are counted exactly; 4,000,000 by default, about a
   * million tokens; at least 10,000. The texts behind them are estimated from samples.
   */
  public void setExactLimit(int exactLimit) {
    this.exactLimit = Numbers.atLeast(10_000, exactLimit, "exactLimit");
  }

  public int getMaxConcurrentCounts() {
    return maxConcurrentCounts;
  }

  /**
   * Sets the number of texts over 32,768 characters that are counted at the same time; others wait.
   * The default is the number of processors: more would only take turns, and use memory.
   */
  public void setMaxConcurrentCounts(int maxConcurrentCounts) {
    this.maxConcurrentCounts = Numbers.atLeast(1, maxConcurrentCounts, "maxConcurrentCounts");
  }

  /** Returns the number of texts found in the cache so far. */
  public long getCacheHits() {
    return stats().hitCount();
  }

  /** Returns the number of texts not found in the cache so far. */
  public long getCacheMisses() {
    return stats().missCount();
  }

  /**
   * Returns the number of counts dropped from the cache so far, because it was full or they were
   * old.
   */
  public long getCacheEvictions() {
    return stats().evictionCount();
  }

  /** Returns the approximate number of counts in the cache now. */
  public long getCacheEntries() {
    Loaded now = loaded;
    return now == null ? 0 : now.cache.size();
  }

  /**
   * Returns the number of texts estimated from samples so far, because their request was over the
   * exact limit.
   */
  public long getSampledTexts() {
    Loaded now = loaded;
    return now == null ? 0 : now.texts.sampledCount();
  }

  private CacheStats stats() {
    Loaded now = loaded;
    return now == null ? CacheStats.empty() : now.cache.stats();
  }
}
