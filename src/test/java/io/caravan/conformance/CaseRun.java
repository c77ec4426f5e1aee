package io.caravan.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.corpus.CorpusCase;
import io.caravan.corpus.Grammar;
import io.caravan.corpus.JsonMatch;
import io.caravan.corpus.Messages;
import io.caravan.corpus.SseEvents;
import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Sends one case of the corpus through the gateway, in one of the two modes. */
final class CaseRun {
  /** The faults of a case in one mode; null if the case has no expectation for the mode. */
  record Verdict(List<String> faults) {
    static final Verdict NOT_JUDGED = new Verdict(null);

    boolean judged() {
      return faults != null;
    }

    boolean passed() {
      return judged() && faults.isEmpty();
    }

    /** Returns whether the client got all but the right counts of tokens. */
    boolean failedByUsageOnly() {
      return judged()
          && !faults.isEmpty()
          && faults.stream().allMatch(fault -> fault.startsWith("$.usage"));
    }
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  private final CorpusCase corpusCase;
  private final ScriptedUpstream upstream;
  private final Gateway gateway;
  private final String model;
  private final int pieces;

  /**
   * Makes a run.
   *
   * @param model the model to request in place of the corpus' own model name; {@code {case}} in it
   *     stands for the case
   * @param pieces the size in bytes of the upstream's writes, 0 for all at once
   */
  CaseRun(
      CorpusCase corpusCase, ScriptedUpstream upstream, Gateway gateway, String model, int pieces) {
    this.corpusCase = corpusCase;
    this.upstream = upstream;
    this.gateway = gateway;
    this.model = model;
    this.pieces = pieces;
  }

  /** Plays the case with {@code stream: true}. */
  Verdict streamed() throws InterruptedException {
    JsonNode request = JsonMatch.parse(corpusCase.requestJson());
    if (request.has("stream") && !request.path("stream").asBoolean()) {
      return Verdict.NOT_JUDGED;
    }
    Gateway.Answer answer = ask(true);
    List<String> faults = new ArrayList<>();
    if (corpusCase.error() != null) {
      expectError(answer, faults);
    } else if (!answer.isStream()) {
      faults.add("no stream: " + describe(answer));
    } else {
      List<JsonNode> events = SseEvents.parse(answer.body(), faults);
      Grammar.check(events, faults);
      expectEvents(events, faults);
    }
    expectUpstreamRequest(faults);
    return new Verdict(faults);
  }

  /** Plays the case without streaming. */
  Verdict whole() throws InterruptedException {
    Gateway.Answer answer = ask(false);
    if (!corpusCase.upstream().isEmpty() && askedUpstreamWithoutStream()) {
      // The bytes of the case are a stream, and this gateway has requested a whole completion.
      return Verdict.NOT_JUDGED;
    }
    List<String> faults = new ArrayList<>();
    List<JsonNode> expected = expectedEvents();
    JsonNode failure = Messages.failure(expected);
    if (corpusCase.error() != null) {
      expectError(answer, faults);
    } else if (failure != null) {
      expectFailure(answer, failure, faults);
    } else {
      expectMessage(answer, expected, faults);
    }
    return new Verdict(faults);
  }

  private Gateway.Answer ask(boolean stream) throws InterruptedException {
    upstream.forget();
    AtomicInteger calls = new AtomicInteger();
    upstream.answer(request -> scriptFor(calls.getAndIncrement()));
    String request = RequestText.streaming(corpusCase.requestJson(), stream);
    String limit = corpusCase.quirks().get("maxTokens");
    if (limit != null) {
      request = RequestText.limitedTo(limit, request);
    }
    return gateway.post(RequestText.askingFor(model(stream), request));
  }

  /** Returns the upstream's response to a call; the last one repeats, as a gateway may retry. */
  private Script scriptFor(int call) {
    List<CorpusCase.Answer> answers = corpusCase.upstream();
    if (answers.isEmpty()) {
      return Script.says("Hello.");
    }
    CorpusCase.Answer answer = answers.get(Math.min(call, answers.size() - 1));
    Script script = Script.status(answer.status(), headers(answer)).chunked();
    script =
        pieces > 0
            ? script.drip(answer.body(), pieces, Duration.ZERO)
            : script.write(answer.body());
    return answer.reset() ? script.reset() : script;
  }

  private String[] headers(CorpusCase.Answer answer) {
    String type = "Content-Type: " + answer.contentType();
    String after = corpusCase.quirks().get("retryAfter");
    return after == null ? new String[] {type} : new String[] {type, "Retry-After: " + after};
  }

  private boolean askedUpstreamWithoutStream() {
    return upstream.completions().stream()
        .anyMatch(request -> !JsonMatch.parse(request.text()).path("stream").asBoolean());
  }

  private List<JsonNode> expectedEvents() {
    if (corpusCase.events() == null) {
      return List.of();
    }
    return Messages.joined(corpusCase.events().stream().map(JsonMatch::parse).toList());
  }

  /**
   * Compares what a client accumulates, and the order of the events by their grammar. An error ends
   * both or none.
   */
  private void expectEvents(List<JsonNode> events, List<String> faults) {
    if (corpusCase.events() == null) {
      return;
    }
    List<JsonNode> expected = withoutEstimate(expectedEvents());
    List<JsonNode> actual = Messages.joined(events);
    JsonNode failure = Messages.failure(expected);
    JsonNode failed = Messages.failure(actual);
    if ((failure == null) != (failed == null)) {
      faults.add(
          failure == null
              ? "an error is not expected: " + failed
              : "no error, expected " + failure);
    } else if (failure != null) {
      String type = failure.at("/error/type").asText();
      if (!Failures.sameType(type, failed.at("/error/type").asText())) {
        faults.add("expected " + failure + " but was " + failed);
      }
    }
    try {
      faults.addAll(
          Leniency.differences(Messages.accumulate(expected), Messages.accumulate(actual)));
    } catch (IndexOutOfBoundsException | ClassCastException e) {
      faults.add("the events make no message: " + e.getMessage());
    }
  }

  /** Accepts any count in message_start, where each gateway has an estimate of its own. */
  private static List<JsonNode> withoutEstimate(List<JsonNode> events) {
    for (JsonNode event : events) {
      if (event.path("message").path("usage").isObject()) {
        ObjectNode usage = JSON.createObjectNode();
        usage.put("input_tokens", "*").put("output_tokens", "*");
        ((ObjectNode) event.get("message")).set("usage", usage);
      }
    }
    return events;
  }

  private void expectMessage(
      Gateway.Answer answer, List<JsonNode> expectedEvents, List<String> faults) {
    if (answer.status() != 200 || !answer.contentType().startsWith("application/json")) {
      faults.add("no message: " + describe(answer));
      return;
    }
    JsonNode actual = parse(answer.body(), faults);
    if (corpusCase.message() != null) {
      faults.addAll(Leniency.differences(JsonMatch.parse(corpusCase.message()), actual));
    } else if (!expectedEvents.isEmpty()) {
      faults.addAll(
          Leniency.differences(Messages.accumulate(withoutEstimate(expectedEvents)), actual));
    }
  }

  private void expectError(Gateway.Answer answer, List<String> faults) {
    JsonNode body = answer.status() < 400 ? JSON.createObjectNode() : parse(answer.body(), faults);
    Failures.check(corpusCase.error(), answer.status(), body, describe(answer), faults);
  }

  /** Checks a failure without streaming, which the status reports in place of an error event. */
  private static void expectFailure(Gateway.Answer answer, JsonNode failure, List<String> faults) {
    String actual = parse(answer.body(), faults).at("/error/type").asText();
    if (answer.status() < 400 || !Failures.sameType(failure.at("/error/type").asText(), actual)) {
      faults.add("expected " + failure + ": " + describe(answer));
    }
  }

  private void expectUpstreamRequest(List<String> faults) {
    List<ReceivedRequest> asked = upstream.completions();
    if (corpusCase.upstreamRequest() == null) {
      return;
    }
    if (asked.isEmpty()) {
      faults.add("nothing was asked of the upstream");
      return;
    }
    JsonNode expected = JsonMatch.parse(named(corpusCase.upstreamRequest()));
    JsonNode actual = JsonMatch.parse(asked.get(asked.size() - 1).text());
    for (String fault : UpstreamRequests.differences(expected, actual)) {
      faults.add("upstream request " + fault);
    }
  }

  /**
   * Returns the model of a mode. A gateway may pause a model after a failure, so each has its own.
   */
  private String model(boolean stream) {
    String name = CorpusProviders.id(corpusCase) + (stream ? "" : CorpusProviders.WHOLE);
    return model.replace("{case}", name);
  }

  /** Replaces the model's name in a text by the upstream's name for the streamed model. */
  private String named(String text) {
    String name = model(true);
    return text.replace("upstream-model", name.substring(name.indexOf('/') + 1));
  }

  private static JsonNode parse(String json, List<String> faults) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      faults.add("not JSON: " + json);
      return JSON.createObjectNode();
    }
  }

  private static String describe(Gateway.Answer answer) {
    String body = answer.body();
    return answer.status()
        + " "
        + answer.contentType()
        + " "
        + body.substring(0, Math.min(300, body.length()));
  }
}
