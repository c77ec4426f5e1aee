package io.caravan.translate.request;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.caravan.json.RawJson;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells how much of each request its upstream can find in its prompt cache, by the hashes of the
 * messages that went before. It keeps no content.
 */
public final class PrefixTracker {
  /** A Claude Code session has a main conversation, side calls, and subagents at one time. */
  private static final int TRACES = 6;

  /** SDKs name no session: all conversations of a client are one then. */
  private static final int TRACES_WITHOUT_SESSION = 64;

  private static final Hasher64 HASH = Hashing.xxh3_64();

  private record Key(String tenant, String conversation) {}

  /**
   * A request that was sent.
   *
   * @param messages running hashes, one a message
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared, never shown
  private record Trace(long[] messages, int length, long tools) {}

  private final Cache<Key, List<Trace>> traces;

  /**
   * @param maxMessages how many messages of all conversations are kept in mind
   */
  public PrefixTracker(long maxMessages) {
    traces =
        Caffeine.newBuilder()
            .executor(Runnable::run)
            .maximumWeight(maxMessages)
            .weigher((Key key, List<Trace> kept) -> weight(kept))
            .build();
  }

  private static int weight(List<Trace> kept) {
    return TRACES + kept.stream().mapToInt(trace -> trace.messages().length).sum();
  }

  /**
   * Compares a request with those before it, and keeps it in mind.
   *
   * @param tenant whose conversation it is; empty where there are no client keys
   * @param conversation the client's session; empty where it names none, and then a request that
   *     begins like none before it is one of a new conversation
   */
  public PrefixMatch track(String tenant, String conversation, UpstreamRequest request) {
    Trace trace = trace(request);
    PrefixMatch[] best = {PrefixMatch.NONE};
    traces
        .asMap()
        .compute(
            new Key(tenant, conversation),
            (key, kept) -> {
              List<Trace> next = kept == null ? new ArrayList<>() : new ArrayList<>(kept);
              best[0] = replaceLikest(next, trace, request.spans(), !conversation.isEmpty());
              return next;
            });
    return best[0];
  }

  private static PrefixMatch replaceLikest(
      List<Trace> kept, Trace trace, BodySpans spans, boolean session) {
    int likest = -1;
    int most = -1;
    for (int i = 0; i < kept.size(); i++) {
      int same = same(kept.get(i), trace);
      if (same >= most) {
        most = same;
        likest = i;
      }
    }
    Trace before = likest < 0 ? null : kept.get(likest);
    if (before != null && most == before.messages().length) {
      // It goes on from there. Another subagent that only has the same system prompt does not.
      kept.remove(likest);
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

  /** How many leading messages are the same. */
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
