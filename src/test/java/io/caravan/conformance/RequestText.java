package io.caravan.conformance;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of a case's request: only the three fields that depend on the mode and the gateway are
 * changed; white space and escapes stay as they are.
 */
final class RequestText {
  private static final Pattern STREAM = Pattern.compile("(\"stream\":\\s*)(?:true|false)");
  private static final Pattern MODEL = Pattern.compile("(\"model\":\\s*)\"claude-test\"");
  private static final Pattern MAX_TOKENS = Pattern.compile("(\"max_tokens\":\\s*)\\d+");

  private RequestText() {}

  static String streaming(String json, boolean stream) {
    Matcher said = STREAM.matcher(json);
    return said.find()
        ? said.replaceFirst("$1" + stream)
        : json.replaceFirst("\\{", "{\"stream\":" + stream + ",");
  }

  /** The groups of cases about the model's name, which keep it. */
  static String askingFor(String model, String json) {
    return MODEL.matcher(json).replaceFirst("$1\"" + Matcher.quoteReplacement(model) + '"');
  }

  static String limitedTo(String maxTokens, String json) {
    return MAX_TOKENS.matcher(json).replaceFirst("$1" + maxTokens);
  }
}
