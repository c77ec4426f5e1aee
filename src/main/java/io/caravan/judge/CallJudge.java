package io.caravan.judge;

import io.caravan.anthropic.MessagesRequest;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * The cases of one request's message: what a judge is shown for each call, what the user's own
 * rules say without a judge, and how a judge's reply is read.
 */
public final class CallJudge {
  /** The most characters of the user's own words, and those for a judge with a small window. */
  private static final int[] WORDS = {24_000, 2_000};

  private final Safeguards safeguards;
  private final JudgeCase cases;

  /**
   * A case for a model.
   *
   * @param json the case
   * @param request the request with the instructions and the case
   */
  public record Prompt(String json, MessagesRequest request) {}

  /**
   * Makes the cases of one message.
   *
   * @param request the client's request
   * @param subAgent true if the request is a sub-agent's, whose user is another agent
   */
  public CallJudge(MessagesRequest request, Safeguards safeguards, boolean subAgent) {
    this.safeguards = safeguards;
    this.cases = new JudgeCase(request, safeguards, subAgent);
  }

  /** Returns the verdict of the user's own rules, which can only flag; null if none denies it. */
  public Verdict flag(ToolCall call) {
    return DenyRules.flag(safeguards.denyRules(), call);
  }

  /** Returns the case of a call as JSON. */
  public String json(ToolCall call, List<ToolCall> before) {
    return cases.json(call, before, WORDS[0]);
  }

  /**
   * Returns the case of a call for a model, which has the call whole.
   *
   * @param before the calls before it in the same turn
   * @param model the model's name
   * @param window the model's tokens of prompt and reply together, or null if unknown
   * @param counter counts the tokens of a prompt
   * @return null if it doesn't fit the model's window
   */
  public Prompt prompt(
      ToolCall call,
      List<ToolCall> before,
      String model,
      Integer window,
      ToLongFunction<MessagesRequest> counter) {
    for (int words : WORDS) {
      String json = cases.json(call, before, words);
      MessagesRequest request = JudgePrompt.request(model, json, window);
      if (window == null || counter.applyAsLong(request) + JudgePrompt.LEAST_TOKENS <= window) {
        return new Prompt(json, request);
      }
    }
    return null;
  }

  /**
   * Reads the message with which a model has replied to a case.
   *
   * @param message the message of the Messages API, or an error in its place, as JSON
   */
  public static Verdict ofMessage(byte[] message, String shown) {
    return JudgeReply.read(message, shown);
  }

  /** Reads what a route of the operator's own has left. */
  public static Verdict ofBody(Object body, String shown) {
    return JudgeReply.own(VerdictReader.readBody(body), shown);
  }
}
