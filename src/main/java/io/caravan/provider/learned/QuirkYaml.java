package io.caravan.provider.learned;

import io.caravan.provider.ReasoningReplay;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Writes learned facts as YAML for a provider's file. It writes only Caravan's own names and
 * numbers, and the model's name, which is quoted.
 */
final class QuirkYaml {
  private QuirkYaml() {}

  static String write(String provider, Map<String, List<LearnedQuirks.Learned>> byModel) {
    StringBuilder yaml = new StringBuilder();
    yaml.append("# Learned of provider ").append(word(provider)).append('.');
    yaml.append(" A model that has a bean already takes the properties into that one.\n");
    if (byModel.isEmpty()) {
      return yaml.append("# Nothing so far.\n").toString();
    }
    yaml.append("- beans:\n");
    byModel.forEach((model, learned) -> bean(yaml, provider, model, learned));
    return yaml.toString();
  }

  /** Writes facts that hold for one client alone, a line each. */
  static String comments(List<LearnedQuirks.Learned> own) {
    StringBuilder lines = new StringBuilder();
    for (LearnedQuirks.Learned one : own) {
      lines.append("# For requests of client ").append(word(one.tenant())).append(" alone: ");
      lines.append(quoted(one.model())).append(' ').append(one.quirk()).append(": ");
      lines.append(reason(one)).append('\n');
    }
    return lines.toString();
  }

  private static void bean(
      StringBuilder yaml, String provider, String model, List<LearnedQuirks.Learned> learned) {
    yaml.append("    - name: ").append(quoted(word(provider) + "-" + word(model))).append('\n');
    yaml.append("      type: io.caravan.provider.ModelCard\n");
    yaml.append("      properties:\n");
    yaml.append("        provider: ").append(quoted(provider)).append('\n');
    yaml.append("        id: ").append(quoted(model)).append('\n');
    StringBuilder properties = new StringBuilder();
    for (LearnedQuirks.Learned one : learned) {
      String comment = one.quirk() + ": " + reason(one);
      properties.append("        # ").append(comment).append('\n');
      String property = property(one.quirk());
      // Fields that were refused together may be one property.
      if (property != null && properties.indexOf("        " + property + "\n") < 0) {
        properties.append("        ").append(property).append('\n');
      }
    }
    yaml.append(properties);
  }

  /** Returns the properties of a card with the same effect as the facts, a line each. */
  static List<String> properties(Collection<LearnedQuirks.Learned> learned) {
    List<String> lines = new ArrayList<>();
    for (LearnedQuirks.Learned one : learned) {
      String property = property(one.quirk());
      if (property != null) {
        property
            .lines()
            .map(String::strip)
            .filter(line -> !lines.contains(line))
            .forEach(lines::add);
      }
    }
    return lines;
  }

  /** Returns why a fact is believed, and until when, in one line. */
  private static String reason(LearnedQuirks.Learned one) {
    LearnedQuirks.Evidence evidence = one.evidence();
    return one.complaint()
        + ", "
        + one.at()
        + ", until "
        + one.until()
        + (evidence.proof().isEmpty() ? "" : "; " + evidence.proof())
        + (evidence.words().isEmpty() ? "" : "; the words: " + quoted(evidence.words()));
  }

  /** Returns the card's property with the same effect; null if a field has none. */
  private static String property(Quirk quirk) {
    if (quirk instanceof Quirk.DropField drop) {
      return property(drop.field());
    } else if (quirk instanceof Quirk.LimitMaxTokens max) {
      return "maxOutput: " + max.limit();
    } else if (quirk instanceof Quirk.NameMaxTokens name) {
      return "maxTokensField: " + name.field();
    } else if (quirk instanceof Quirk.SystemAsUser) {
      return "systemRole: USER";
    } else if (quirk instanceof Quirk.NoImages) {
      return "vision: false";
    } else if (quirk instanceof Quirk.Template template) {
      return property(template.rule());
    } else if (quirk instanceof Quirk.Efforts efforts) {
      return "efforts: " + quoted(efforts.names());
    } else if (quirk instanceof Quirk.MaxStops stops) {
      return "maxStops: " + stops.most();
    } else if (quirk instanceof Quirk.Schemas schemas) {
      return property(schemas);
    } else if (quirk instanceof Quirk.ContextWindow window) {
      return "contextWindow: " + window.tokens();
    } else if (quirk instanceof Quirk.Replay replay) {
      return replay.form() == ReasoningReplay.NONE
          ? "reasoningReplay: NONE"
          : "reasoningReplay: " + replay.form() + "\n        reasoningFiller: EMPTY";
    }
    return null;
  }

  private static String property(Quirk.Template.Rule rule) {
    return switch (rule) {
      case ALTERNATING_ROLES -> "mergeNeighbours: true\n        toolToUserBridge: true";
      case NINE_CHARACTER_IDS -> "toolIds: NINE_ALNUM";
      case SINGLE_TOOL_CALLS -> "parallelToolCalls: false";
    };
  }

  private static String property(Quirk.Schemas schemas) {
    StringBuilder lines = new StringBuilder("schema: ").append(schemas.form());
    if (!schemas.without().isEmpty()) {
      lines.append("\n        schemaWithout: ");
      lines.append(quoted(String.join(",", schemas.without())));
    }
    lines.append(schemas.properties() ? "\n        toolProperties: true" : "");
    if (!schemas.reserved().isEmpty()) {
      lines.append("\n        reservedParameters: ");
      lines.append(quoted(String.join(",", schemas.reserved())));
    }
    return lines.toString();
  }

  private static String property(String field) {
    return switch (field) {
      case "temperature", "top_p" -> "sampling: false";
      case "top_k" -> "topK: false";
      case "parallel_tool_calls" -> "parallelField: false";
      case "stream_options" -> "streamUsage: false";
      case "tool_choice" -> "toolChoice: NONE";
      case "response_format" -> "responseFormat: NONE";
      case "stop" -> "maxStops: 0";
      case "reasoning_effort", "reasoning", "thinking", "enable_thinking" -> "reasoning: NONE";
      case "chat_template_kwargs" -> "reasoning: NONE\n        templateKwargs: \"\"";
      default -> null;
    };
  }

  private static String word(String text) {
    return text.replaceAll("[^A-Za-z0-9_]+", "-");
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ' || c == 0x7F || c == 0x85 || c == 0x2028 || c == 0x2029) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }
}
