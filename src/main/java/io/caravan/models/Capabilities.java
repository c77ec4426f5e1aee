package io.caravan.models;

import io.caravan.exchange.ModelChoice;
import io.caravan.provider.Attachments;
import io.caravan.provider.Dialect;
import io.caravan.provider.ModelCard;
import io.caravan.provider.ReasoningSwitch;
import io.caravan.provider.ResponseFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The {@code capabilities} of a model in {@code /v1/models}, by its card, its provider and what the
 * gateway does for it. Clients decide by them what to send. Anthropic's reference has every key in
 * each entry.
 */
final class Capabilities {
  private static final Map<String, Object> YES = Map.of("supported", true);
  private static final Map<String, Object> NO = Map.of("supported", false);

  private Capabilities() {}

  /**
   * Returns the capabilities; null if they are unknown: without a card that states whether the
   * model sees images, or with an upstream that has a list of its own.
   */
  static Map<String, Object> of(ModelChoice choice, GatewayAbilities gateway) {
    ModelCard card = choice.card();
    if (card == null || card.getVision() == null || choice.provider().speaksMessages()) {
      return null;
    }
    Dialect dialect = Dialect.of(choice.provider(), card);
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("batch", NO);
    all.put("citations", NO);
    all.put("code_execution", NO);
    all.put(
        "context_management",
        group(
            false,
            "clear_thinking_20251015",
            NO,
            "clear_tool_uses_20250919",
            NO,
            "compact_20260112",
            NO));
    all.put("effort", effort(dialect));
    all.put("image_input", is(dialect.images() != Attachments.NONE || gateway.describes()));
    all.put("pdf_input", is(dialect.documents() != Attachments.NONE || gateway.reads()));
    boolean searches = gateway.searches() && !Boolean.FALSE.equals(card.getTools());
    all.put("server_tools", group(searches, "code_execution", NO, "web_search", is(searches)));
    all.put("structured_outputs", is(dialect.responseFormat() == ResponseFormat.JSON_SCHEMA));
    all.put("thinking", thinking(dialect));
    return all;
  }

  private static Map<String, Object> effort(Dialect dialect) {
    return group(
        !dialect.efforts().isEmpty(),
        "low",
        is(dialect.efforts().lists("low")),
        "medium",
        is(dialect.efforts().lists("medium")),
        "high",
        is(dialect.efforts().lists("high")),
        "xhigh",
        is(dialect.efforts().lists("xhigh")),
        "max",
        is(dialect.efforts().lists("max")));
  }

  /** Returns the kinds of thinking. Those that switch it off are accepted by the gateway itself. */
  private static Map<String, Object> thinking(Dialect dialect) {
    boolean switched = dialect.reasoning() != ReasoningSwitch.NONE;
    Map<String, Object> thinking = group(switched);
    Map<String, Object> types = new LinkedHashMap<>();
    types.put("adaptive", is(switched));
    types.put("between_tools", YES);
    types.put("disabled", YES);
    types.put("enabled", is(switched));
    thinking.put("types", types);
    return thinking;
  }

  private static Map<String, Object> is(boolean supported) {
    return supported ? YES : NO;
  }

  private static Map<String, Object> group(boolean supported, Object... members) {
    Map<String, Object> group = new LinkedHashMap<>();
    group.put("supported", supported);
    for (int i = 0; i < members.length; i += 2) {
      group.put((String) members[i], members[i + 1]);
    }
    return group;
  }
}
