package io.caravan.limits.client;

import java.util.List;

/**
 * The holder of a client key.
 *
 * @param id the name in the key file, or {@code key-} and the start of the key's hash
 * @param requestsPerMinute requests in any 60 s; 0 is no limit
 * @param tokensPerMinute tokens in any 60 s, in and out; 0 is no limit
 * @param dailyTokens tokens a day (UTC), in and out; 0 is no limit
 * @param models patterns of the models it may name; empty allows all
 */
public record Client(
    String id, int requestsPerMinute, long tokensPerMinute, long dailyTokens, List<String> models) {

  public Client {
    models = List.copyOf(models);
  }

  /** Returns a client without limits. */
  public static Client unlimited(String id) {
    return new Client(id, 0, 0, 0, List.of());
  }

  /** Returns whether the client has no limits. */
  public boolean isUnlimited() {
    return requestsPerMinute == 0 && tokensPerMinute == 0 && dailyTokens == 0 && models.isEmpty();
  }

  /**
   * Returns whether the client may use a model.
   *
   * @param model the id of a class of models, as {@code claude-opus}, or a full {@code
   *     provider/model}; never the name as the client wrote it, which may contain anything
   */
  public boolean allows(String model) {
    return models.isEmpty() || models.stream().anyMatch(pattern -> Glob.matches(pattern, model));
  }
}
