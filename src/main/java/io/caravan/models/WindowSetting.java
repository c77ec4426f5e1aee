package io.caravan.models;

import io.caravan.exchange.ModelChoice;
import io.caravan.provider.ModelCard;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The setting by which Claude Code learns a model's context window. It assumes a million tokens for
 * the ids that it knows, {@code claude-opus-5-5} among them, and reads {@code
 * CLAUDE_CODE_MAX_CONTEXT_TOKENS} for unknown ids only; {@code CLAUDE_CODE_AUTO_COMPACT_WINDOW}
 * counts for all, but not below 100,000 (observed with 2.1.332, {@code claude -p /context}).
 */
public final class WindowSetting {
  /** The least window that Claude Code takes from the setting for all ids. */
  private static final int LEAST = 100_000;

  private WindowSetting() {}

  /** Returns the command of a shell that sets the window of a model in tokens. */
  public static String of(int window) {
    return variables(window).entrySet().stream()
        .map(each -> each.getKey() + "=" + each.getValue())
        .collect(Collectors.joining(" ", "export ", ""));
  }

  /** Returns the environment variables that set the window of a model in tokens, in their order. */
  public static SortedMap<String, String> variables(int window) {
    return new TreeMap<>(
        window >= LEAST
            ? Map.of("CLAUDE_CODE_AUTO_COMPACT_WINDOW", String.valueOf(window))
            : Map.of(
                "ANTHROPIC_MODEL",
                "claude-opus",
                "CLAUDE_CODE_MAX_CONTEXT_TOKENS",
                String.valueOf(window)));
  }

  /** Returns the command for a model; null if its window is unknown. */
  public static String of(ModelChoice choice) {
    ModelCard card = choice.card();
    return card == null || card.getContextWindow() == null ? null : of(card.getContextWindow());
  }
}
