package io.caravan.observe;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * One request from its acceptance to its end, also a failed, a refused or an abandoned one. It is
 * made once, when the response is complete or the client has left, and the client has been charged.
 *
 * @param id the request's id, {@code req_…}
 * @param acceptedAt the time of its acceptance
 * @param route the id of the route that served it, such as {@code messages}; empty if unknown
 * @param caller the client
 * @param model the model that was asked for, and the one that was used
 * @param calls the calls upstream in the order of their ends, with those that were skipped
 * @param ending how it ended
 * @param tokens the tokens used; null if there was no completion
 * @param nanodollars the price of those tokens in billionths of a dollar; null if it is unknown
 * @param firstTokenNanos the nanoseconds from acceptance to the first content; 0 if there was none
 * @param totalNanos the nanoseconds from acceptance to the end of the response
 * @param stages the stages that it passed, in the order of their ends
 * @param translation the losses of the translation, and what was recovered in it
 */
public record RequestRecord(
    String id,
    Instant acceptedAt,
    String route,
    Caller caller,
    Model model,
    List<Call> calls,
    Ending ending,
    Tokens tokens,
    Long nanodollars,
    long firstTokenNanos,
    long totalNanos,
    List<Stage> stages,
    Translation translation) {

  public RequestRecord {
    calls = List.copyOf(calls);
    stages = List.copyOf(stages);
  }

  /** Returns how many calls were sent to an upstream. */
  public int attempts() {
    return (int) calls.stream().filter(Call::sent).count();
  }

  /**
   * Returns the upstream's id of the call whose completion the client got; else that of the last
   * call that had one; null if there is none.
   */
  public String upstreamRequestId() {
    String last = null;
    for (Call call : calls) {
      if (call.requestId() != null) {
        last = call.requestId();
        if (call.outcome().equals(Ending.OK)) {
          return last;
        }
      }
    }
    return last;
  }

  /**
   * The client of a request.
   *
   * @param key the name of its key, which reveals nothing of the key; empty without keys
   * @param session Claude Code's session, or null; the client chooses its text
   * @param agent Claude Code's sub-agent, or null; the client chooses its text
   * @param software the client's {@code user-agent}, or null; the client chooses its text
   */
  public record Caller(String key, String session, String agent, String software) {}

  /**
   * The model of a request.
   *
   * @param requested the client's name for it, or null before the request was read; the client
   *     chooses its text
   * @param provider the provider of the last call; {@code caravan} for a local response, {@code
   *     none} before a choice
   * @param name the provider's name for it; the kind of a local response, {@code none} before a
   *     choice
   * @param label the same, but {@code other} for a model that is not configured, so that it can be
   *     the value of a label
   */
  public record Model(String requested, String provider, String name, String label) {}

  /**
   * The end of a request.
   *
   * @param status the HTTP status that the client got; 499 if it left before
   * @param outcome {@code ok}, the type of an error, {@code client_gone}, or {@code unfinished} if
   *     the connection was lost without a word
   * @param reason which limit, which kind of failure, or which losses, from a fixed vocabulary;
   *     null if there is nothing to say
   */
  public record Ending(int status, String outcome, String reason) {
    /** The outcome of a request that was served. */
    public static final String OK = "ok";

    /** The status that nginx logs for a client that has closed its connection. */
    public static final int CLIENT_CLOSED_REQUEST = 499;
  }

  /**
   * The tokens of a completion, in Anthropic's partition.
   *
   * @param input the tokens of the prompt without those from a cache
   * @param output the tokens of the completion
   * @param cacheRead the tokens of the prompt from the upstream's cache
   * @param cacheCreation the tokens of the prompt that were written to the upstream's cache
   * @param inputEstimated whether the upstream did not report the input
   * @param outputEstimated whether the upstream did not report the output
   */
  public record Tokens(
      long input,
      long output,
      long cacheRead,
      long cacheCreation,
      boolean inputEstimated,
      boolean outputEstimated) {
    /** Returns all tokens. */
    public long total() {
      return input + output + cacheRead + cacheCreation;
    }
  }

  /**
   * A call of an upstream, or one that was not made.
   *
   * @param provider the provider
   * @param model the provider's name for the model
   * @param sent whether the request was sent; false for a model that was skipped, or a limit
   *     reached
   * @param status the upstream's HTTP status; 0 if there was none
   * @param requestId the upstream's own id of the call, or null
   * @param outcome {@code ok}, {@code overtaken}, an error's type, {@code limit}, {@code cooling},
   *     {@code circuit_open}, {@code client_gone} or {@code fault}
   * @param reason the kind of the failure, or null
   * @param startNanos the nanoseconds from the request's acceptance to the call
   * @param nanos its nanoseconds to the first content or to its failure
   */
  public record Call(
      String provider,
      String model,
      boolean sent,
      int status,
      String requestId,
      String outcome,
      String reason,
      long startNanos,
      long nanos) {}

  /**
   * A stage that the request has passed.
   *
   * @param name the id of the step in its route
   * @param startNanos the nanoseconds from the request's acceptance to the stage
   * @param nanos its nanoseconds, with those of the stages inside it
   */
  public record Stage(String name, long startNanos, long nanos) {}

  /**
   * The outcome of the translation.
   *
   * @param losses the losses
   * @param recovered the number of tool calls recovered from text, by the family of their markup
   * @param givenUp the number of times that text looked like a tool call and was none
   * @param called the number of tool calls that the client got, by the names of their tools; the
   *     client chooses those, and a long list is cut
   * @param prefixMatched the bytes of the prompt that the upstream had seen before
   * @param prefixPrevious the bytes of that earlier prompt; 0 if there was none
   */
  public record Translation(
      List<Loss> losses,
      Map<String, Integer> recovered,
      int givenUp,
      Map<String, Integer> called,
      long prefixMatched,
      long prefixPrevious) {
    public Translation {
      losses = List.copyOf(losses);
      recovered = Map.copyOf(recovered);
      called = Map.copyOf(called);
    }
  }

  /**
   * A loss.
   *
   * @param where {@code request} or {@code answer}
   * @param what its name, from a fixed vocabulary
   * @param times how often
   */
  public record Loss(String where, String what, int times) {}
}
