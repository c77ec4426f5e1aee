package io.caravan.models;

import io.caravan.exchange.ModelChoice;
import io.caravan.provider.ModelCard;

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
    return window >= LEAST
        ? "export CLAUDE_CODE_AUTO_COMPACT_WINDOW=" + window
        : "export ANTHROPIC_MODEL=claude-opus CLAUDE_CODE_MAX_CONTEXT_TOKENS=" + window;
  }

  /** Returns the command for a model; null if its window is unknown. */
  public static String of(ModelChoice choice) {
    ModelCard card = choice.card();
    return card == null || card.getContextWindow() == null ? null : of(card.getContextWindow());
  }
}
