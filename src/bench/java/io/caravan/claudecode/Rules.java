package io.caravan.claudecode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.testkit.ReceivedRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The rules for every request that reaches the upstream, in any conversation. Strict servers refuse
 * a request that breaks one.
 */
final class Rules {
  static final String CLIENT_TOKEN = "client-token-that-stays-with-the-gateway";
  static final String UPSTREAM_KEY = "upstream-key";

  /** The fallback of the class fable's model. */
  static final String HEIR = "scripted/heir";

  /** The model that describes images to others. */
  static final String EYES = "scripted/eyes";

  private static final ObjectMapper JSON = new ObjectMapper();

  private Rules() {}

  /** Returns the rules that the request breaks; empty if there are none. */
  static List<String> broken(ReceivedRequest request) {
    List<String> faults = new ArrayList<>();
    JsonNode body = body(request);
    systemMessageLeads(body, faults);
    toolCallsArePaired(body, faults);
    // WebFetch has a page summed up by a request of its own, without tools; so has the gateway an
    // image described.
    if (!request.text().contains("Web page content:")
        && !body.path("model").asText().equals(EYES)) {
      toolsAreFunctions(body, faults);
    }
    if (!body.findValues("cache_control").isEmpty()) {
      faults.add("cache_control went to the upstream");
    }
    if (request.text().contains("x-anthropic-billing-header")) {
      faults.add("the billing header went to the upstream: no two conversations share a prefix");
    }
    if (request.headers().toString().contains(CLIENT_TOKEN)
        || request.text().contains(CLIENT_TOKEN)) {
      faults.add("the client's token went to the upstream");
    }
    if (!("Bearer " + UPSTREAM_KEY).equals(request.header("Authorization"))) {
      faults.add("the upstream's key is not in Authorization");
    }
    return faults;
  }

  static JsonNode body(ReceivedRequest request) {
    try {
      return JSON.readTree(request.body());
    } catch (IOException e) {
      throw new IllegalStateException("the upstream got what is no JSON: " + request.text(), e);
    }
  }

  private static void systemMessageLeads(JsonNode body, List<String> faults) {
    int position = 0;
    for (JsonNode message : body.path("messages")) {
      boolean system = message.path("role").asText().equals("system");
      if (system != (position == 0)) {
        faults.add("message " + position + " has role " + message.path("role").asText());
      }
      position++;
    }
    if (position == 0) {
      faults.add("no messages");
    }
  }

  /** Checks that each call of an assistant message has one result, before any other message. */
  private static void toolCallsArePaired(JsonNode body, List<String> faults) {
    Set<String> unanswered = new LinkedHashSet<>();
    Set<String> everCalled = new LinkedHashSet<>();
    for (JsonNode message : body.path("messages")) {
      if (message.path("role").asText().equals("tool")) {
        String id = message.path("tool_call_id").asText();
        if (!unanswered.remove(id)) {
          faults.add("a tool message answers " + id + ", which was not called or already answered");
        }
        continue;
      }
      if (!unanswered.isEmpty()) {
        faults.add("calls without an answer: " + unanswered);
        unanswered.clear();
      }
      for (JsonNode call : message.path("tool_calls")) {
        String id = call.path("id").asText();
        unanswered.add(id);
        if (!everCalled.add(id)) {
          faults.add("the id " + id + " stands for two calls");
        }
      }
    }
    if (!unanswered.isEmpty()) {
      faults.add("calls without an answer at the end: " + unanswered);
    }
  }

  private static void toolsAreFunctions(JsonNode body, List<String> faults) {
    if (body.path("tools").isEmpty()) {
      faults.add("Claude Code's tools did not reach the upstream");
    }
    for (JsonNode tool : body.path("tools")) {
      String name = tool.path("function").path("name").asText();
      if (!tool.path("type").asText().equals("function") || name.isEmpty()) {
        faults.add("not a function: " + tool);
      }
      if (tool.path("function").path("parameters").path("type").asText().isEmpty()) {
        faults.add("the tool " + name + " has no schema");
      }
      if (name.equals("DeferredToolPlaceholder")) {
        faults.add("the placeholder of the deferred tools went to the upstream");
      }
    }
  }
}
