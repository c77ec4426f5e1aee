package io.caravan.conformance;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A case's request as it is sent: but for the three fields that the mode and the gateway decide, it
 * stays as it is written, blanks and escapes included.
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

  /** Cases whose subject is the model's name keep it. */
  static String askingFor(String model, String json) {
    return MODEL.matcher(json).replaceFirst("$1\"" + Matcher.quoteReplacement(model) + '"');
  }

  static String limitedTo(String maxTokens, String json) {
    return MAX_TOKENS.matcher(json).replaceFirst("$1" + maxTokens);
  }
}
