package io.caravan.translate.request;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.MessagesRequest;
import io.caravan.provider.Dialect;
import io.caravan.provider.learned.DroppedFields;

/**
 * Determines the limit of a completion. Claude Code asks for 128000 from models that give 8192, and
 * they refuse that (ogx-ai/ogx#5696).
 */
final class MaxTokens {
  /** The least room of a useful completion. With less it is better to let the client compact. */
  private static final int LEAST_ROOM = 256;

  private MaxTokens() {}

  /**
   * Returns the limit to send, or null to send none.
   *
   * @throws AnthropicException if the prompt leaves no room, with the words on which Claude Code
   *     compacts; in strict mode also with those on which it asks for less
   */
  static Integer of(
      MessagesRequest request,
      Dialect dialect,
      String model,
      DroppedFields learned,
      TranslationOptions options,
      Losses losses) {
    // A request for no token at all fills the prompt cache. One is the least that servers accept.
    Integer asked = request.maxTokens();
    if (asked != null && asked == 0) {
      asked = 1;
    }
    Integer wanted = asked == null ? dialect.defaultMaxTokens() : asked;
    Integer most = least(dialect.maxOutput(), learned.maxTokensLimit());
    if (asked != null && most != null && asked > most && options.strict()) {
      throw AnthropicException.invalid(
          "max_tokens: "
              + asked
              + " > "
              + most
              + ", which is the maximum allowed number of output tokens for "
              + model);
    }
    Integer room = room(dialect, options, wanted);
    if (asked != null && room != null && asked > room && options.strict()) {
      throw new WindowExceededException(
          "input length and `max_tokens` exceed context limit: "
              + options.promptTokens()
              + " + "
              + asked
              + " > "
              + dialect.contextWindow()
              + ", decrease input length or `max_tokens` and try again");
    }
    Integer limit = wanted == null ? null : least(wanted, least(most, room));
    if (asked != null && limit < asked) {
      losses.add(Loss.MAX_TOKENS);
    }
    return limit;
  }

  /**
   * Returns the room that the window leaves for the completion; null if window or prompt are
   * unknown.
   */
  private static Integer room(Dialect dialect, TranslationOptions options, Integer wanted) {
    if (dialect.contextWindow() == null || options.promptTokens() <= 0) {
      return null;
    }
    int window = dialect.contextWindow();
    long prompt = options.promptTokens();
    int needed = wanted == null ? LEAST_ROOM : Math.min(wanted, LEAST_ROOM);
    if (prompt > window - needed) {
      throw new WindowExceededException(
          "prompt is too long: " + prompt + " tokens > " + (window - needed) + " maximum");
    }
    // The prompt is an estimate. If there is space, a fiftieth of it is kept free.
    long room = window - prompt;
    long spare = options.strict() ? 0 : prompt / 50;
    return (int) Math.max(Math.min(room, LEAST_ROOM), room - spare);
  }

  private static Integer least(Integer a, Integer b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return Math.min(a, b);
  }
}
