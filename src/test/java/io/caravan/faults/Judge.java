package io.caravan.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.corpus.Grammar;
import io.caravan.corpus.Messages;
import io.caravan.corpus.SseEvents;
import io.caravan.testkit.PlainClient;
import java.util.ArrayList;
import java.util.List;

/** Checks that a response is the correct one for the upstream's fault. */
final class Judge {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Judge() {}

  /** Returns the faults of a response; empty if there are none. */
  static List<String> faults(Fault fault, String text, PlainClient.Answer answer) {
    List<String> faults = new ArrayList<>();
    if (fault.expected() == Fault.Expected.GIVEN_UP) {
      return faults;
    }
    if (answer.status() == 0 || !answer.complete()) {
      faults.add("the answer does not end");
    } else if (answer.status() != 200) {
      envelope(fault, answer, faults);
    } else if (answer.contentType().startsWith("text/event-stream")) {
      stream(fault, text, answer, faults);
    } else {
      message(fault, text, answer, faults);
    }
    return faults;
  }

  private static void envelope(Fault fault, PlainClient.Answer answer, List<String> faults) {
    if (fault.expected() == Fault.Expected.ANSWER) {
      faults.add("no answer");
    }
    JsonNode error = parse(answer.body(), faults);
    if (!error.path("type").asText().equals("error")
        || error.path("error").path("type").asText().isEmpty()
        || error.path("error").path("message").asText().isEmpty()) {
      faults.add("an error without Anthropic's envelope");
    }
  }

  private static void stream(
      Fault fault, String text, PlainClient.Answer answer, List<String> faults) {
    List<JsonNode> events = SseEvents.parse(answer.body(), faults);
    Grammar.check(events, faults);
    boolean failed = Messages.failure(events) != null;
    String said = said(Messages.accumulate(Messages.joined(events)));
    switch (fault.expected()) {
      case ANSWER -> expect(!failed && said.equals(text), "said: " + said, faults);
      case ERROR -> expect(failed && said.isEmpty(), "no error; said: " + said, faults);
      default -> expect(failed && text.startsWith(said), "no error; said: " + said, faults);
    }
  }

  private static void message(
      Fault fault, String text, PlainClient.Answer answer, List<String> faults) {
    String said = said(parse(answer.body(), faults));
    expect(fault.expected() == Fault.Expected.ANSWER && said.equals(text), "said: " + said, faults);
  }

  private static String said(JsonNode message) {
    StringBuilder said = new StringBuilder();
    message.path("content").forEach(block -> said.append(block.path("text").asText()));
    return said.toString();
  }

  private static JsonNode parse(String json, List<String> faults) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      faults.add("not JSON");
      return JSON.createObjectNode();
    }
  }

  private static void expect(boolean condition, String fault, List<String> faults) {
    if (!condition) {
      faults.add(fault);
    }
  }
}
