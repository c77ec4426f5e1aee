package io.caravan.web;

import io.caravan.anthropic.Tool;
import io.caravan.json.JsonTree;
import java.util.List;
import java.util.Map;

/**
 * The options of a declared web tool.
 *
 * @param maxUses the most calls in one message; {@link Integer#MAX_VALUE} for any number
 * @param domains the domains that it may use
 * @param maxContentTokens the most tokens of a page; {@link Integer#MAX_VALUE} for any number
 */
record WebOptions(int maxUses, Domains domains, int maxContentTokens) {
  static WebOptions of(Tool tool) {
    Map<?, ?> json = (Map<?, ?>) JsonTree.read(tool.json());
    return new WebOptions(
        number(json.get("max_uses")),
        new Domains(texts(json.get("allowed_domains")), texts(json.get("blocked_domains"))),
        number(json.get("max_content_tokens")));
  }

  private static int number(Object value) {
    if (value instanceof JsonTree.Digits digits) {
      try {
        return Integer.parseInt(digits.text());
      } catch (NumberFormatException e) {
        return Integer.MAX_VALUE;
      }
    }
    return Integer.MAX_VALUE;
  }

  private static List<String> texts(Object value) {
    return value instanceof List<?> list
        ? list.stream().filter(String.class::isInstance).map(String.class::cast).toList()
        : List.of();
  }
}
