package io.caravan.exchange;

import io.caravan.json.RawJson;
import io.caravan.provider.ModelCard;
import io.caravan.tokens.Calibration;
import io.caravan.translate.reasoning.Reasoning;
import io.caravan.translate.reasoning.ReasoningMemory;
import io.caravan.translate.reasoning.ReasoningStore;
import io.caravan.translate.request.PrefixMatch;
import io.caravan.translate.request.PrefixTracker;
import io.caravan.translate.request.UpstreamRequest;
import io.caravan.translate.response.AnswerOutcome;

/**
 * Remembers conversations: the ratio of their tokens to the estimates, the reasoning behind tool
 * calls, and hashes of the messages sent last. The memory is bounded, and nothing depends on it: a
 * replica that has never seen a conversation serves it too, with less accurate estimates.
 */
public final class Conversations {
  private final Calibration calibration = new Calibration();
  private static final long MAX_REASONING_BYTES = 64L * 1024 * 1024;
  private static final int HEAP_PARTS = 8;

  private long reasoningBytes =
      Math.min(MAX_REASONING_BYTES, Runtime.getRuntime().maxMemory() / HEAP_PARTS);
  private long prefixMessages = 500_000;
  private volatile Stores stores;

  private record Stores(ReasoningStore reasoning, PrefixTracker prefixes) {}

  /**
   * Sets the approximate number of bytes of reasoning that are kept; an eighth of the heap by
   * default, and 64 MiB at most.
   */
  public void setReasoningBytes(long reasoningBytes) {
    this.reasoningBytes = reasoningBytes;
  }

  /**
   * Sets the number of messages, in all conversations together, whose hash is kept; 500,000 by
   * default.
   */
  public void setPrefixMessages(long prefixMessages) {
    this.prefixMessages = prefixMessages;
  }

  private Stores stores() {
    Stores known = stores;
    if (known == null) {
      synchronized (this) {
        if (stores == null) {
          stores =
              new Stores(new ReasoningStore(reasoningBytes), new PrefixTracker(prefixMessages));
        }
        known = stores;
      }
    }
    return known;
  }

  /**
   * Converts an estimate into the tokens of a model, by the calls of the same conversation or, at
   * its first call, of the model.
   *
   * @param rawTokens the estimate of the token counter
   */
  public long correct(long rawTokens, ClientInfo client, ModelChoice choice) {
    ModelCard card = choice.card();
    double ratio = card == null || card.getTokenRatio() == null ? 1 : card.getTokenRatio();
    return calibration.correct(rawTokens, key(client), scope(client, choice), ratio);
  }

  /** Returns the reasoning of a client's conversation, which its history may lack. */
  public ReasoningMemory memory(ClientInfo client) {
    return stores().reasoning().of(client.tenant(), session(client));
  }

  /**
   * Returns the part of a request that the upstream saw with the last one of the same conversation,
   * and remembers the request.
   */
  public PrefixMatch track(ClientInfo client, UpstreamRequest request) {
    return stores().prefixes().track(client.tenant(), session(client), request);
  }

  /** Learns the ratio of tokens and the reasoning from a completion that has ended. */
  public void learn(GatewayRequest request, ModelChoice choice, AnswerOutcome outcome) {
    ClientInfo client = request.client();
    if (outcome.inputCounted() && outcome.usage() != null) {
      long actual =
          outcome.usage().inputTokens()
              + outcome.usage().cacheReadInputTokens()
              + outcome.usage().cacheCreationInputTokens();
      calibration.learn(request.rawTokens(), actual, key(client), scope(client, choice));
    }
    if (!outcome.reasoning().isEmpty() || outcome.reasoningDetails() != null) {
      remember(client, outcome);
    }
  }

  private void remember(ClientInfo client, AnswerOutcome outcome) {
    String details = outcome.reasoningDetails();
    Reasoning reasoning =
        new Reasoning(outcome.reasoning(), details == null ? null : RawJson.of(details));
    for (String id : outcome.toolUses().keySet()) {
      stores()
          .reasoning()
          .put(
              client.tenant(), session(client), id, reasoning, outcome.thoughtSignatures().get(id));
    }
  }

  /**
   * Returns the key of a model's ratio. Each client has a ratio of its own, since a client can
   * distort the usage of its calls.
   */
  private static String scope(ClientInfo client, ModelChoice choice) {
    return client.tenant().isEmpty()
        ? choice.fullName()
        : client.tenant() + " " + choice.fullName();
  }

  private static String session(ClientInfo client) {
    String agent = client.agent() == null ? "" : "/" + client.agent();
    return client.session() == null ? "" : client.session() + agent;
  }

  /** Returns a key for the client's conversation, or null if the client has sent no session. */
  private static String key(ClientInfo client) {
    return client.session() == null ? null : client.tenant() + "/" + session(client);
  }
}
