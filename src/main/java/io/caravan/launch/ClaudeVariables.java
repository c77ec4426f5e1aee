package io.caravan.launch;

import io.caravan.models.WindowSetting;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The environment variables with which Claude Code uses the gateway (documented in {@code
 * docs/claude-code.md}, observed with 2.1.332). None of them is a key of an upstream.
 */
final class ClaudeVariables {
  /** The variable with the gateway's URL. */
  static final String BASE_URL = "ANTHROPIC_BASE_URL";

  /** The variable with the client key. */
  static final String TOKEN = "ANTHROPIC_AUTH_TOKEN";

  static final String MODEL = "ANTHROPIC_MODEL";

  /** The class of models that Claude Code uses by itself. */
  static final String USUAL_MODEL = "claude-opus";

  /** Variables by which Claude Code would call another server, or send it another key. */
  static final List<String> OTHERS =
      List.of(
          "ANTHROPIC_API_KEY",
          "CLAUDE_CODE_OAUTH_TOKEN",
          "CLAUDE_CODE_USE_BEDROCK",
          "CLAUDE_CODE_USE_VERTEX",
          "CLAUDE_CODE_USE_FOUNDRY");

  private ClaudeVariables() {}

  /**
   * Returns the variables.
   *
   * @param named true if the user has named the model, which is then left as it is
   */
  static Map<String, String> of(String url, String key, GatewayFacts facts, boolean named) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put(BASE_URL, url);
    all.put(TOKEN, key);
    // The models of the gateway are in the menu, by their names.
    all.put("CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY", "1");
    if (facts.window() != null) {
      all.putAll(WindowSetting.variables(facts.window()));
      if (named) {
        all.remove(MODEL);
      }
    }
    return all;
  }

  /**
   * Returns the key that the gateway takes from clients.
   *
   * @throws LaunchException if it wants one that nobody has named
   */
  static String key(GatewaySettings settings, GatewayFacts facts, Map<String, String> environment)
      throws LaunchException {
    if (!facts.keys()) {
      return "caravan";
    }
    String given = settings.key().isEmpty() ? environment.get(TOKEN) : settings.key();
    if (given == null || given.isBlank()) {
      throw new LaunchException(
          "The gateway wants a client key, and its file has only their hashes: set "
              + TOKEN
              + " to yours");
    }
    return given;
  }
}
