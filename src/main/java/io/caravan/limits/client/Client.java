package io.caravan.limits.client;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The holder of a client key.
 *
 * @param id the name in the key file, or {@code key-} and the start of the key's hash
 * @param requestsPerMinute requests in any 60 s; 0 is no limit
 * @param tokensPerMinute tokens in any 60 s, in and out; 0 is no limit
 * @param dailyTokens tokens a day (UTC), in and out; 0 is no limit
 * @param models patterns of the models it may name; empty allows all
 * @param further budgets beside the daily tokens
 * @param expires the time from which the key is unknown; null for never
 */
public record Client(
    String id,
    int requestsPerMinute,
    long tokensPerMinute,
    long dailyTokens,
    List<String> models,
    List<Budget> further,
    Instant expires) {

  public Client {
    models = List.copyOf(models);
    further = List.copyOf(further);
  }

  /** Makes a client whose only budget is that of daily tokens, and whose key does not expire. */
  public Client(
      String id,
      int requestsPerMinute,
      long tokensPerMinute,
      long dailyTokens,
      List<String> models) {
    this(id, requestsPerMinute, tokensPerMinute, dailyTokens, models, List.of(), null);
  }

  /** Returns a client without limits. */
  public static Client unlimited(String id) {
    return new Client(id, 0, 0, 0, List.of());
  }

  /** Returns whether the client has no limits. */
  public boolean isUnlimited() {
    return requestsPerMinute == 0 && tokensPerMinute == 0 && !hasBudgets() && models.isEmpty();
  }

  /** Returns whether the client has a budget. */
  public boolean hasBudgets() {
    return dailyTokens > 0 || !further.isEmpty();
  }

  /** Returns all budgets. */
  public List<Budget> budgets() {
    if (dailyTokens == 0) {
      return further;
    }
    List<Budget> all = new ArrayList<>(further.size() + 1);
    all.add(new Budget(Budget.Period.DAY, Budget.Unit.TOKENS, dailyTokens));
    all.addAll(further);
    return all;
  }

  /** Returns whether the key is of no use any more. */
  boolean isExpired(Instant now) {
    return expires != null && !now.isBefore(expires);
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
