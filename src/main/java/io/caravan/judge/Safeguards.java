package io.caravan.judge;

import io.caravan.json.JsonTree;
import io.caravan.json.JsonWriter;
import io.caravan.json.RawJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The field {@code safeguards} of a request (beta {@code dangerous-tool-use-2026-09-03}): the
 * client asks for a verdict on each tool call of the response, and gives the user's rules. Its
 * form, and that of the results, were recorded from Claude Code 2.1.332.
 */
public final class Safeguards {
  private static final String TYPE = "dangerous_tool_use";

  private final Map<?, ?> context;

  private Safeguards(Map<?, ?> context) {
    this.context = context;
  }

  /** Returns the request's safeguards; null if it asks for no verdicts on tool calls. */
  public static Safeguards of(RawJson field) {
    if (field == null || !(JsonTree.read(field) instanceof List<?> entries)) {
      return null;
    }
    for (Object entry : entries) {
      if (entry instanceof Map<?, ?> map && TYPE.equals(map.get("type"))) {
        Object context = map.get("classifier_context");
        return new Safeguards(context instanceof Map<?, ?> given ? given : Map.of());
      }
    }
    return null;
  }

  /** Returns the rules of the user's settings by which the client refuses a call. */
  List<String> denyRules() {
    List<String> rules = new ArrayList<>();
    if (context.get("rules") instanceof Map<?, ?> all && all.get("deny") instanceof List<?> deny) {
      for (Object rule : deny) {
        if (rule instanceof Map<?, ?> map && map.get("rule") instanceof String text) {
          rules.add(text);
        }
      }
    }
    return rules;
  }

  /** Returns the facts of the user's settings that a judge needs, by name. */
  Map<String, Object> forJudge() {
    Map<String, Object> facts = new LinkedHashMap<>();
    copy(context, "platform", facts);
    copy(context, "live_cwd", facts);
    copy(context, "home_dir", facts);
    if (context.get("trusted_directories") instanceof Map<?, ?> trusted) {
      facts.put("trusted_directories", trusted);
    }
    if (context.get("auto_mode") instanceof Map<?, ?> rules) {
      facts.put("rules_in_words", rules);
    }
    List<String> deny = denyRules();
    if (!deny.isEmpty()) {
      facts.put("deny", deny);
    }
    return facts;
  }

  private static void copy(Map<?, ?> from, String name, Map<String, Object> to) {
    if (from.get(name) instanceof String text) {
      to.put(name, text);
    }
  }

  /** Returns the results with a verdict for each call, by the id that the client sees. */
  public static String results(Map<String, Verdict> verdicts) {
    JsonWriter json = begin("available").beginObject("tool_uses");
    verdicts.forEach((id, verdict) -> verdict.writeTo(json.name(id)));
    return end(json.endObject());
  }

  /** Returns the results of a gateway without a judge. */
  public static String unsupported() {
    return end(begin("unsupported"));
  }

  private static JsonWriter begin(String status) {
    return new JsonWriter(256)
        .beginArray()
        .beginObject()
        .field("type", TYPE)
        .beginObject("status")
        .field("type", status);
  }

  private static String end(JsonWriter json) {
    return json.endObject().endObject().endArray().finish().toString();
  }
}
