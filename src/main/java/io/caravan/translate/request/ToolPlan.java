package io.caravan.translate.request;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.OfferedTools;
import io.caravan.anthropic.Tool;
import io.caravan.anthropic.ToolChoice;
import io.caravan.provider.Dialect;
import io.caravan.provider.ToolChoiceForm;
import java.util.ArrayList;
import java.util.List;

/**
 * The tools that the upstream learns about, and those that it may or must call.
 *
 * @param choice {@code none}, {@code required}, {@code any}, or null to leave it to the model
 * @param named the tool that must be called, by the client's name, or null
 */
record ToolPlan(List<Tool> tools, String choice, String named) {
  /**
   * The tool that Claude Code declares while others are deferred. Its text says never to call it.
   */
  private static final String PLACEHOLDER = "DeferredToolPlaceholder";

  private static final ToolPlan EMPTY = new ToolPlan(List.of(), null, null);

  /** Returns whether a call is forced. */
  boolean forced() {
    return named != null || "required".equals(choice) || "any".equals(choice);
  }

  static ToolPlan of(MessagesRequest request, Dialect dialect, Losses losses) {
    ToolChoice wanted = request.toolChoice();
    String named = wanted != null && wanted.kind() == ToolChoice.Kind.TOOL ? wanted.name() : null;
    if (named != null && request.tools().stream().noneMatch(tool -> tool.name().equals(named))) {
      throw AnthropicException.invalid(
          "tool_choice: Tool '" + named + "' not found in provided tools");
    }
    List<Tool> tools = visible(request, named, dialect, losses);
    if (tools.isEmpty()) {
      if (wanted != null
          && wanted.kind() != ToolChoice.Kind.AUTO
          && wanted.kind() != ToolChoice.Kind.NONE) {
        losses.add(Loss.TOOL_CHOICE);
      }
      return EMPTY;
    }
    return wanted == null
        ? new ToolPlan(tools, null, null)
        : choose(tools, wanted, dialect, losses);
  }

  private static ToolPlan choose(
      List<Tool> tools, ToolChoice wanted, Dialect dialect, Losses losses) {
    ToolChoiceForm form = dialect.toolChoice();
    return switch (wanted.kind()) {
      case AUTO -> new ToolPlan(tools, null, null);
      case NONE -> form == ToolChoiceForm.NONE ? EMPTY : new ToolPlan(tools, "none", null);
      case ANY -> force(tools, form, losses);
      case TOOL -> {
        List<Tool> only = tools.stream().filter(tool -> tool.name().equals(wanted.name())).toList();
        if (only.isEmpty()) {
          losses.add(Loss.TOOL_CHOICE);
          yield new ToolPlan(tools, null, null);
        }
        yield form == ToolChoiceForm.OPENAI
            ? new ToolPlan(tools, null, wanted.name())
            : force(only, form, losses);
      }
    };
  }

  /** Forces a call. If no tool can be named, the wanted one is declared alone. */
  private static ToolPlan force(List<Tool> tools, ToolChoiceForm form, Losses losses) {
    return switch (form) {
      case OPENAI, STRING_ONLY -> new ToolPlan(tools, "required", null);
      case MISTRAL -> new ToolPlan(tools, "any", null);
      case NONE -> {
        losses.add(Loss.TOOL_CHOICE);
        yield new ToolPlan(tools, null, null);
      }
    };
  }

  private static List<Tool> visible(
      MessagesRequest request, String named, Dialect dialect, Losses losses) {
    if (request.tools().isEmpty()) {
      return List.of();
    }
    List<Tool> visible = new ArrayList<>();
    for (Tool tool : request.tools()) {
      boolean hidden = tool.deferred() && !tool.name().equals(named);
      if (hidden || tool.name().equals(PLACEHOLDER)) {
        continue;
      }
      if (!tool.custom() && BuiltInTools.find(tool.type()) == null) {
        losses.add(OfferedTools.isSearch(tool) ? Loss.TOOL_SEARCH : Loss.SERVER_TOOL);
      } else if (!dialect.tools()) {
        losses.add(Loss.TOOL);
      } else {
        visible.add(tool);
      }
    }
    return visible;
  }
}
