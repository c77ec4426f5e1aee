package io.caravan.translate.request;

import io.caravan.json.JsonWriter;
import io.caravan.json.RawJson;
import io.caravan.provider.Dialect;
import io.caravan.provider.ReasoningSwitch;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/** Writes the upstream's own switch for thinking. */
final class ThinkingWriter {
  private final JsonWriter json;
  private final Dialect dialect;
  private final Predicate<String> takes;

  /**
   * @param takes decides whether a field may be sent
   */
  ThinkingWriter(JsonWriter json, Dialect dialect, Predicate<String> takes) {
    this.json = json;
    this.dialect = dialect;
    this.takes = takes;
  }

  void write(ThinkingPlan plan) {
    ReasoningSwitch form = dialect.reasoning();
    if (form == ReasoningSwitch.OPENROUTER) {
      openRouter(plan);
    } else if (form == ReasoningSwitch.THINKING_TYPE) {
      thinkingType(plan);
    } else if (form == ReasoningSwitch.ENABLE_THINKING && takes.test("enable_thinking")) {
      json.field("enable_thinking", plan.on());
      if (plan.on() && plan.budget() != null && takes.test("thinking_budget")) {
        json.field("thinking_budget", plan.budget());
      }
    }
    templateKwargs(plan);
    boolean effort = form != ReasoningSwitch.NONE && form != ReasoningSwitch.OPENROUTER;
    boolean onlyOn = form != ReasoningSwitch.REASONING_EFFORT;
    if (effort
        && plan.effort() != null
        && (plan.on() || !onlyOn)
        && takes.test("reasoning_effort")) {
      json.field("reasoning_effort", plan.effort());
    }
  }

  private void openRouter(ThinkingPlan plan) {
    if (!takes.test("reasoning")) {
      return;
    }
    json.beginObject("reasoning");
    if (!plan.on()) {
      json.field("enabled", false);
    } else if (plan.budget() != null) {
      json.field("max_tokens", plan.budget());
    } else if (plan.effort() != null) {
      json.field("effort", plan.effort());
    } else {
      json.field("enabled", true);
    }
    json.endObject();
  }

  private void thinkingType(ThinkingPlan plan) {
    if (!takes.test("thinking")) {
      return;
    }
    json.beginObject("thinking").field("type", plan.on() ? "enabled" : "disabled");
    if (dialect.clearThinking() != null) {
      json.field("clear_thinking", dialect.clearThinking());
    }
    json.endObject();
  }

  private void templateKwargs(ThinkingPlan plan) {
    Map<String, String> values = new LinkedHashMap<>(dialect.templateKwargs());
    switch (dialect.reasoning()) {
      case TEMPLATE_THINKING -> values.put("thinking", String.valueOf(plan.on()));
      case TEMPLATE_ENABLE_THINKING -> values.put("enable_thinking", String.valueOf(plan.on()));
      case TEMPLATE_THINKING_MODE -> values.put("thinking_mode", mode(plan));
      default -> {}
    }
    if (values.isEmpty() || !takes.test("chat_template_kwargs")) {
      return;
    }
    json.beginObject("chat_template_kwargs");
    values.forEach((name, value) -> json.field(name, RawJson.of(value)));
    json.endObject();
  }

  private static String mode(ThinkingPlan plan) {
    if (!plan.on()) {
      return "\"disabled\"";
    }
    return plan.adaptive() ? "\"adaptive\"" : "\"enabled\"";
  }
}
