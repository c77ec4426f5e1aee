package io.caravan.exchange;

import io.caravan.anthropic.Usage;
import io.caravan.provider.ModelCard;

/**
 * The price of tokens by the card of their model, in billionths of a dollar: a token of a cheap
 * model costs some fifty of them, so that whole numbers add up without error.
 */
public final class Price {
  /**
   * A card has dollars for a million tokens, so a dollar there is a thousand billionths a token.
   */
  private static final double NANODOLLARS_A_TOKEN = 1_000;

  private Price() {}

  /**
   * Returns the price of tokens. Those read from a cache cost as much as others if the card has no
   * price for them; those written to one cost as much as others.
   *
   * @param card the model's card, or null
   * @param usage the tokens, or null
   * @return billionths of a dollar; null if there are no tokens, or the card lacks a price
   */
  public static Long of(ModelCard card, Usage usage) {
    if (card == null
        || usage == null
        || card.getInputPrice() == null
        || card.getOutputPrice() == null) {
      return null;
    }
    double input = card.getInputPrice();
    double cached = card.getCachedInputPrice() == null ? input : card.getCachedInputPrice();
    double dollarsTimesMillion =
        input * (usage.inputTokens() + usage.cacheCreationInputTokens())
            + cached * usage.cacheReadInputTokens()
            + card.getOutputPrice() * usage.outputTokens();
    return Math.round(dollarsTimesMillion * NANODOLLARS_A_TOKEN);
  }
}
