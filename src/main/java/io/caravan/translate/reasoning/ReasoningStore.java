package io.caravan.translate.reasoning;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;

/**
 * Remembers the reasoning that led to tool calls, for upstreams that refuse a conversation without
 * it and clients that lose it: DeepSeek answers "The `reasoning_content` in the thinking mode must
 * be passed back to the API" (QuantumNous/new-api#4806). The store is a help, not a record: it is
 * bounded, and ends with the process.
 */
public final class ReasoningStore {
  private static final Duration LONGEST_UNUSED = Duration.ofHours(12);

  /** The bytes of an entry beside its texts, those of the cache included. */
  private static final int OVERHEAD = 400;

  /**
   * The key of a tool call. The client's key and the session keep conversations apart: the {@code
   * call_0} of one upstream session isn't that of another.
   */
  private record Key(String tenant, String session, String toolUseId) {
    int weight() {
      return session.length() + toolUseId.length();
    }
  }

  private record Entry(Reasoning reasoning, String thoughtSignature) {
    int weight() {
      int details = reasoning.details() == null ? 0 : reasoning.details().length();
      int signature = thoughtSignature == null ? 0 : thoughtSignature.length();
      return OVERHEAD + 2 * reasoning.text().length() + details + signature;
    }
  }

  private final Cache<Key, Entry> entries;

  /**
   * @param maxBytes the approximate limit in bytes
   */
  public ReasoningStore(long maxBytes) {
    entries =
        Caffeine.newBuilder()
            .executor(Runnable::run)
            .maximumWeight(maxBytes)
            .weigher((Key key, Entry entry) -> key.weight() + entry.weight())
            .expireAfterAccess(LONGEST_UNUSED)
            .build();
  }

  /**
   * Remembers the reasoning that led to a tool call.
   *
   * @param toolUseId the id that the client knows
   * @param thoughtSignature Gemini's signature, or null
   */
  public void put(
      String tenant,
      String session,
      String toolUseId,
      Reasoning reasoning,
      String thoughtSignature) {
    entries.put(new Key(tenant, session, toolUseId), new Entry(reasoning, thoughtSignature));
  }

  /** Returns the memory of one conversation. */
  public ReasoningMemory of(String tenant, String session) {
    return new ReasoningMemory() {
      @Override
      public Reasoning ofToolCall(String toolUseId) {
        Entry entry = entries.getIfPresent(new Key(tenant, session, toolUseId));
        return entry == null ? null : entry.reasoning();
      }

      @Override
      public String thoughtSignature(String toolUseId) {
        Entry entry = entries.getIfPresent(new Key(tenant, session, toolUseId));
        return entry == null ? null : entry.thoughtSignature();
      }
    };
  }
}
