package io.caravan.claudecode;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.testkit.Chunks;
import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The scripted upstream's own book: each call that it got, what became of it, and the tokens that
 * it reported, which are different for each call. Whatever the gateway shows is compared with it.
 */
final class Ledger {
  static final String FIRST = "first/model";
  static final String SECOND = "second/model";

  /** The price of a token in billionths of a dollar, as the cards of both models have it. */
  private static final long INPUT_PRICE = 1_250;

  private static final long CACHED_PRICE = 125;
  private static final long OUTPUT_PRICE = 10_000;

  private final List<Entry> entries = new ArrayList<>();

  /** The end of a call. */
  enum End {
    /** The completion was read to its end. */
    WHOLE,
    /** The upstream was too busy. */
    REFUSED,
    /** Another call was faster. */
    OVERTAKEN,
    /** Claude Code's user has stopped it. */
    LEFT
  }

  /**
   * A call.
   *
   * @param id the upstream's id of it, in its response's head
   * @param span the id of the caller's span, by {@code traceparent}; empty if there was none
   * @param prompt the conversation: several calls with the same one are of one request
   * @param agent whether the sub-agent has asked
   * @param tool the tool that the model called; empty for none
   * @param input the tokens of the prompt without those from the cache
   * @param cached those from the cache
   * @param output the tokens of the completion
   */
  record Entry(
      String id,
      String model,
      String span,
      String prompt,
      boolean agent,
      End end,
      String tool,
      long input,
      long cached,
      long output) {
    /** Returns whether a request of Claude Code's has ended with this call. */
    boolean endsRequest() {
      return end == End.WHOLE || end == End.LEFT;
    }

    long nanodollars() {
      return price(input, cached, output);
    }
  }

  static long price(long input, long cached, long output) {
    return input * INPUT_PRICE + cached * CACHED_PRICE + output * OUTPUT_PRICE;
  }

  /** Returns a provider's file for this upstream. */
  static String provider(String url) {
    String card =
        """
            - name: ledger/%1$s
              type: io.caravan.provider.ModelCard
              properties: {provider: ledger, id: "%1$s", contextWindow: "200000", inputPrice: "1.25", cachedInputPrice: "0.125", outputPrice: "10"}
        """;
    return """
        - beans:
            - name: ledger
              type: io.caravan.provider.Provider
              properties: {name: ledger, baseUrl: "%s", apiKey: "%s", requestIdHeaders: x-request-id}
        """
            .formatted(url, Rules.UPSTREAM_KEY)
        + card.formatted(FIRST)
        + card.formatted(SECOND);
  }

  /** Returns the calls in the order of their arrival. */
  synchronized List<Entry> entries() {
    return List.copyOf(entries);
  }

  /** Responds with a text and the tokens of this call. */
  Script says(ReceivedRequest request, boolean agent, String text) {
    Entry entry = enter(request, agent, End.WHOLE, "");
    return head(entry).write(Chunks.text(text)).write(ending(entry, "stop"));
  }

  /** Responds with a tool call and the tokens of this call. */
  Script calls(ReceivedRequest request, boolean agent, String id, String tool, String arguments) {
    Entry entry = enter(request, agent, End.WHOLE, tool);
    return head(entry)
        .write(Chunks.toolCall(0, id, tool, arguments))
        .write(ending(entry, "tool_calls"));
  }

  /** Responds that it is busy. */
  Script refuses(ReceivedRequest request, boolean agent) {
    Entry entry = enter(request, agent, End.REFUSED, "");
    return Script.json(503, "{\"error\":{\"message\":\"busy\"}}", "X-Request-Id: " + entry.id());
  }

  /** Responds with a head and nothing more, until another call has overtaken this one. */
  Script waits(ReceivedRequest request) {
    return head(enter(request, false, End.OVERTAKEN, ""))
        .write(Chunks.comment("processing"))
        .stall();
  }

  /**
   * Begins a text and goes on with it until the client leaves.
   *
   * @param begun completes once there is something to see
   */
  Script tells(ReceivedRequest request, String word, CompletableFuture<Long> begun) {
    return head(enter(request, false, End.LEFT, ""))
        .write(Chunks.text(word))
        .write(Chunks.text(word))
        .signal(begun)
        .stall();
  }

  private static Script head(Entry entry) {
    return Script.status(
            200, "Content-Type: text/event-stream; charset=utf-8", "X-Request-Id: " + entry.id())
        .chunked()
        .write(Chunks.role());
  }

  private static String ending(Entry entry, String reason) {
    return Chunks.finish(reason)
        + Chunks.usage(entry.input() + entry.cached(), entry.cached(), entry.output())
        + Chunks.DONE;
  }

  private synchronized Entry enter(ReceivedRequest request, boolean agent, End end, String tool) {
    int number = entries.size() + 1;
    JsonNode body = Rules.body(request);
    String traceparent = request.header("traceparent");
    boolean counted = end == End.WHOLE;
    Entry entry =
        new Entry(
            "up-" + number,
            body.path("model").asText(),
            traceparent == null ? "" : traceparent.split("-", -1)[2],
            body.path("messages").toString(),
            agent,
            end,
            tool,
            counted ? 1_000 + 17L * number : 0,
            counted ? 300 + 3L * number : 0,
            counted ? 20 + number : 0);
    entries.add(entry);
    return entry;
  }
}
