package io.caravan.corpus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the body of a streamed answer as strictly as the clients do: Claude Code ignores an event
 * that has no {@code event:} line, and the SDKs choose what to do by that name.
 */
public final class SseEvents {
  private static final ObjectMapper JSON = new ObjectMapper();

  private SseEvents() {}

  /** The JSON of each event in order; what is wrong with the framing goes into {@code faults}. */
  public static List<JsonNode> parse(String body, List<String> faults) {
    List<JsonNode> events = new ArrayList<>();
    String normal = body.replace("\r\n", "\n");
    if (!normal.isEmpty() && !normal.endsWith("\n\n")) {
      faults.add("the stream does not end with an empty line");
    }
    for (String frame : normal.split("\n\n", -1)) {
      frame(frame, events, faults);
    }
    return events;
  }

  private static void frame(String frame, List<JsonNode> events, List<String> faults) {
    String name = null;
    StringBuilder data = new StringBuilder();
    for (String line : frame.split("\n", -1)) {
      if (line.startsWith("event:")) {
        name = line.substring(6).strip();
      } else if (line.startsWith("data:")) {
        data.append(line.substring(5).strip());
      } else if (!line.isEmpty() && !line.startsWith(":")) {
        faults.add("not a line of an event: " + line);
      }
    }
    if (data.isEmpty()) {
      return;
    }
    try {
      JsonNode event = JSON.readTree(data.toString());
      if (!event.path("type").asText().equals(name)) {
        faults.add("event: " + name + " carries " + data);
      }
      events.add(event);
    } catch (JsonProcessingException e) {
      faults.add("not JSON: " + data);
    }
  }
}
