package io.caravan.provider.learned;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the largest {@code max_tokens} from a refusal of a larger one. */
final class OutputLimit {
  private static final String NUMBER = "[`'\"(]?(\\d[\\d,]{0,11})";

  private static final Pattern NAMED =
      Pattern.compile("max(?:imum)?[_ ]?(?:completion_|output_|new_)?tokens");

  private static final List<Pattern> WORDINGS =
      List.of(
          // pydantic 1 and 2, Groq (skapadia3214/groq-moa#8)
          Pattern.compile("less than or equal to " + NUMBER),
          Pattern.compile("(?:<=|≤) ?" + NUMBER),
          // DeepSeek (Aider-AI/aider#4125), Alibaba (musistudio/claude-code-router#184)
          Pattern.compile("range of \\w+ (?:is|should be) \\[\\d+, ?" + NUMBER + "\\]"),
          // neavo/KeywordGacha#111
          Pattern.compile("between \\d+ and " + NUMBER),
          // OpenAI
          Pattern.compile("at most " + NUMBER + " (?:completion |output )?tokens"),
          // Ollama's cloud
          Pattern.compile("maximum output tokens[^0-9]{0,4}" + NUMBER),
          // Anthropic
          Pattern.compile("> " + NUMBER + ", which is the maximum"),
          Pattern.compile("(?:cannot|must not|can't) exceed " + NUMBER),
          Pattern.compile("maximum (?:allowed )?(?:value|limit)[^0-9]{0,40}" + NUMBER));

  private OutputLimit() {}

  /**
   * Returns the limit, or null if none is named, or none that explains the refusal.
   *
   * @param sent the {@code max_tokens} that was refused, or 0 if unknown
   */
  static Integer of(String message, long sent) {
    // Of several complaints only one is about this field.
    for (String part : message.toLowerCase(Locale.ROOT).split("; ", -1)) {
      if (NAMED.matcher(part).find() && !part.contains("context")) {
        Integer limit = first(part, sent);
        if (limit != null) {
          return limit;
        }
      }
    }
    return null;
  }

  private static Integer first(String part, long sent) {
    for (Pattern wording : WORDINGS) {
      Matcher m = wording.matcher(part);
      if (m.find()) {
        long limit = Long.parseLong(m.group(1).replace(",", ""));
        boolean explains = sent == 0 || limit < sent;
        if (explains && limit >= Quirk.LimitMaxTokens.LOWEST && limit <= Integer.MAX_VALUE) {
          return (int) limit;
        }
      }
    }
    return null;
  }
}
