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
 * What this process remembers of conversations: how their tokens compare with the estimates, the
 * reasoning behind tool calls, the messages sent last. All of it is bounded and none is needed: a
 * replica that has never seen a conversation answers it as well, and only estimates less closely.
 */
public final class Conversations {
  private final Calibration calibration = new Calibration();
  private long reasoningBytes = 64L * 1024 * 1024;
  private long prefixMessages = 500_000;
  private volatile Stores stores;

  private record Stores(ReasoningStore reasoning, PrefixTracker prefixes) {}

  /** About how many bytes of reasoning are kept. */
  public void setReasoningBytes(long reasoningBytes) {
    this.reasoningBytes = reasoningBytes;
  }

  /** Of how many messages, in all conversations together, a hash is kept. */
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

  /** The estimate in the model's own tokens. */
  public long correct(long rawTokens, ClientInfo client, ModelChoice choice) {
    ModelCard card = choice.card();
    double ratio = card == null || card.getTokenRatio() == null ? 1 : card.getTokenRatio();
    return calibration.correct(rawTokens, key(client), scope(client, choice), ratio);
  }

  /** The reasoning that the client's history lacks. */
  public ReasoningMemory memory(ClientInfo client) {
    return stores().reasoning().of(client.tenant(), session(client));
  }

  /** How much of the request the upstream saw with the last one of the same conversation. */
  public PrefixMatch track(ClientInfo client, UpstreamRequest request) {
    return stores().prefixes().track(client.tenant(), session(client), request);
  }

  /** Learns from an answer that has ended. */
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
    for (String id : outcome.toolUseIds()) {
      stores()
          .reasoning()
          .put(
              client.tenant(), session(client), id, reasoning, outcome.thoughtSignatures().get(id));
    }
  }

  /** A client's usage says something of the model to that client alone: another may invent it. */
  private static String scope(ClientInfo client, ModelChoice choice) {
    return client.tenant().isEmpty()
        ? choice.fullName()
        : client.tenant() + " " + choice.fullName();
  }

  private static String session(ClientInfo client) {
    String agent = client.agent() == null ? "" : "/" + client.agent();
    return client.session() == null ? "" : client.session() + agent;
  }

  /** Null where there is no session to tell conversations apart by. */
  private static String key(ClientInfo client) {
    return client.session() == null ? null : client.tenant() + "/" + session(client);
  }
}
