package io.caravan.launch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/**
 * The facts of a running gateway on which Claude Code's settings depend.
 *
 * @param model the full name of the model that answers
 * @param demonstration true if that is no model but the demonstration upstream
 * @param window the model's context window in tokens; null if it is unknown
 * @param judge true if there is a judge for auto mode
 * @param keys true if clients need a key
 */
record GatewayFacts(
    String model, boolean demonstration, Integer window, boolean judge, boolean keys) {
  private static final ObjectMapper JSON = new ObjectMapper();

  String json() {
    ObjectNode object = JSON.createObjectNode();
    object.put("model", model).put("demonstration", demonstration).put("window", window);
    return object.put("judge", judge).put("keys", keys).toString();
  }

  static GatewayFacts of(String json) throws IOException {
    JsonNode object = JSON.readTree(json);
    return new GatewayFacts(
        object.path("model").asText(),
        object.path("demonstration").asBoolean(),
        object.path("window").isInt() ? object.path("window").asInt() : null,
        object.path("judge").asBoolean(),
        object.path("keys").asBoolean());
  }
}
