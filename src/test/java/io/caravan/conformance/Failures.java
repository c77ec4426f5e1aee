package io.caravan.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.corpus.CorpusCase;
import java.util.List;
import java.util.Set;

/**
 * Compares a failure with the one that a case expects, by what clients make of it. They act on the
 * status of a fault of the request, repeat any fault of a server, and Claude Code acts on a few
 * words; all other words are the gateway's own.
 */
final class Failures {
  /** Claude Code compacts, asks for fewer tokens or leaves a field out where it reads these. */
  private static final List<String> ACTED_ON =
      List.of(
          "prompt is too long",
          "exceed context limit",
          "maximum allowed number of output tokens",
          "Extra inputs are not permitted",
          "Could not process image",
          "does not support PDF",
          "does not support image");

  private static final Set<String> OF_A_SERVER =
      Set.of("api_error", "overloaded_error", "timeout_error");

  private Failures() {}

  /** Checks a response with a status of failure. */
  static void check(
      CorpusCase.Failure expected, int status, JsonNode body, String said, List<String> faults) {
    if (status != expected.status() && !(status >= 500 && expected.status() >= 500)) {
      faults.add("expected status " + expected.status() + ": " + said);
      return;
    }
    JsonNode error = body.path("error");
    if (!sameType(expected.type(), error.path("type").asText())) {
      faults.add("expected " + expected.type() + ": " + said);
    }
    String message = error.path("message").asText();
    for (String words : ACTED_ON) {
      if (expected.text().contains(words) && !message.contains(words)) {
        faults.add("expected '" + words + "': " + said);
      }
    }
    if (message.isEmpty()) {
      faults.add("an error without a message: " + said);
    }
  }

  /** Returns whether a client treats two types alike. */
  static boolean sameType(String expected, String actual) {
    return expected.equals("*")
        || expected.equals(actual)
        || (OF_A_SERVER.contains(expected) && OF_A_SERVER.contains(actual));
  }
}
