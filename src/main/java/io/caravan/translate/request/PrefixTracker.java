package io.caravan.translate.request;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.caravan.json.RawJson;
import java.util.ArrayList;
import java.util.List;

/**
 * Determines how much of each request its upstream can find in its prompt cache, by the hashes of
 * earlier messages. It keeps no content.
 */
public final class PrefixTracker {
  /**
   * The requests kept for a session. A Claude Code session has a main conversation, side calls, and
   * subagents at one time.
   */
  private static final int TRACES = 6;

  /**
   * The requests kept without a session. SDKs name none, so that all conversations of a client are
   * one.
   */
  private static final int TRACES_WITHOUT_SESSION = 64;

  /** The memory of a conversation beside its messages, in messages of eight bytes each. */
  private static final int OVERHEAD = 50;

  private static final Hasher64 HASH = Hashing.xxh3_64();

  private record Key(String tenant, String conversation) {}

  /**
   * A request that was sent.
   *
   * @param messages running hashes, one for each message
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared, never shown
  private record Trace(long[] messages, int length, long tools) {}

  /** The last requests of a conversation. Whoever uses them holds the monitor. */
  private static final class Kept {
    private final List<Trace> traces = new ArrayList<>(1);
    private int weight;
  }

  private final Cache<Key, Kept> conversations;

  /**
   * @param maxMessages the messages that are kept for all conversations
   */
  public PrefixTracker(long maxMessages) {
    conversations =
        Caffeine.newBuilder()
            .executor(Runnable::run)
            .maximumWeight(maxMessages)
            .weigher((Key key, Kept kept) -> kept.weight)
            .build();
  }

  private static int weight(Key key, List<Trace> kept) {
    int weight = OVERHEAD + key.conversation().length() / Long.BYTES;
    for (Trace trace : kept) {
      weight += trace.messages().length;
    }
    return weight;
  }

  /**
   * Compares a request with those before it, and keeps it.
   *
   * @param tenant the owner of the conversation; empty if there are no client keys
   * @param conversation the client's session; empty if it names none, and then a request with a new
   *     beginning belongs to a new conversation
   */
  public PrefixMatch track(String tenant, String conversation, UpstreamRequest request) {
    Trace trace = trace(request);
    Key key = new Key(tenant, conversation);
    Kept kept = conversations.get(key, k -> new Kept());
    synchronized (kept) {
      PrefixMatch best =
          replaceMostAlike(kept.traces, trace, request.spans(), !conversation.isEmpty());
      int weight = weight(key, kept.traces);
      if (weight != kept.weight) {
        kept.weight = weight;
        // The cache weighs what is put, and only that.
        conversations.put(key, kept);
      }
      return best;
    }
  }

  private static PrefixMatch replaceMostAlike(
      List<Trace> kept, Trace trace, BodySpans spans, boolean session) {
    int mostAlike = -1;
    int most = -1;
    for (int i = 0; i < kept.size(); i++) {
      int same = same(kept.get(i), trace);
      if (same >= most) {
        most = same;
        mostAlike = i;
      }
    }
    Trace before = mostAlike < 0 ? null : kept.get(mostAlike);
    if (before != null && most == before.messages().length) {
      // This request continues that one. Another subagent with just the same system prompt doesn't.
      kept.remove(mostAlike);
    } else if (kept.size() == (session ? TRACES : TRACES_WITHOUT_SESSION)) {
      kept.remove(0);
    }
    kept.add(trace);
    if (before == null || (most == 0 && !session)) {
      return PrefixMatch.NONE;
    }
    long matched = most == 0 ? 0 : spans.end(most - 1) - spans.start();
    return new PrefixMatch(matched, before.length(), before.tools() != trace.tools());
  }

  /** Returns the number of leading messages that are equal. */
  private static int same(Trace a, Trace b) {
    int most = Math.min(a.messages().length, b.messages().length);
    int same = 0;
    while (same < most && a.messages()[same] == b.messages()[same]) {
      same++;
    }
    return same;
  }

  private static Trace trace(UpstreamRequest request) {
    BodySpans spans = request.spans();
    RawJson body = request.body();
    long[] hashes = new long[spans.count()];
    long running = 0;
    int from = spans.start();
    for (int i = 0; i < hashes.length; i++) {
      long hash = HASH.hashBytesToLong(body.buffer(), body.offset() + from, spans.end(i) - from);
      running = (running * 0x9E3779B97F4A7C15L) ^ hash;
      hashes[i] = running;
      from = spans.end(i);
    }
    RawJson tools = spans.tools(body);
    long toolsHash = HASH.hashBytesToLong(tools.buffer(), tools.offset(), tools.length());
    return new Trace(hashes, spans.length(), toolsHash);
  }
}
