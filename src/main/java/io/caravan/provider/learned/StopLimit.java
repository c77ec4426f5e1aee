package io.caravan.provider.learned;

import io.caravan.openai.UpstreamError;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads from a refusal how many stop sequences an upstream accepts. */
final class StopLimit {
  /** The words for them. A "stop reason" is none of them. */
  private static final Pattern STOP =
      Pattern.compile(
          "\\bstop(?:[_ -]?(?:sequences?|strings?|words?|conditions?|param\\w*|field))?['\"`)\\]]?"
              + "(?=\\W|$)|stop_?sequences");

  /** The wordings with the number that is accepted. */
  private static final List<Pattern> AT_MOST =
      List.of(
          // pydantic: vLLM, SGLang (vllm-project/vllm#51997)
          Pattern.compile("at most (\\d{1,4})"),
          // OpenAI, Azure (continuedev/continue#2461, QwenLM/Qwen-Agent#228)
          Pattern.compile(
              "max(?:imum)? (?:length|number|count|size|items)?(?: of| is|:)? ?(\\d{1,4})"),
          // Dynamo (ai-dynamo/dynamo#14462)
          Pattern.compile("max(?:imum)?(?: of)? (\\d{1,4})"),
          Pattern.compile("(?:up to|only|limit(?:ed)?(?: is| of| to)?|no more than) (\\d{1,4})"),
          // Groq (letta-ai/letta#1272)
          Pattern.compile("len\\(stop\\) ?> ?(\\d{1,4})"),
          // PaddlePaddle/FastDeploy#3216
          Pattern.compile("exceeds the limit \\w+ ?\\((\\d{1,4})\\)"),
          Pattern.compile(
              "(?:<=|≤|less than or equal to|cannot exceed|must not exceed) ?(\\d{1,4})"),
          Pattern.compile("more than (\\d{1,4})"));

  /** The wordings with a number that is already too many (google/generative-ai-go#233). */
  private static final List<Pattern> BELOW =
      List.of(
          Pattern.compile("to (\\d{1,4}) \\(exclusive\\)"),
          Pattern.compile("(?:less than|fewer than|<) ?(\\d{1,4})"));

  private static final Pattern TOO_MANY =
      Pattern.compile("too many|too long|max_?items|above_max|not supported|unsupported|invalid");

  private StopLimit() {}

  /**
   * Returns the fact, or null if none explains the refusal.
   *
   * @param sent the number of stop sequences that were sent
   */
  static Quirk.MaxStops of(UpstreamError error, int sent) {
    int status = error.status();
    boolean refusal = status < 300 || status == 400 || status == 422 || status == 500;
    if (!refusal || sent == 0) {
      return null;
    }
    boolean named = error.param() != null && error.param().startsWith("stop");
    Integer most = of(named ? "stop: " + error.message() : error.message());
    return most != null && most < sent ? new Quirk.MaxStops(most) : null;
  }

  /**
   * Returns the number, 0 if stop sequences are refused and no number is named; null if the refusal
   * is about something else.
   */
  private static Integer of(String message) {
    for (String part : message.toLowerCase(Locale.ROOT).split("; ", -1)) {
      if (STOP.matcher(part).find()) {
        Integer most = first(BELOW, part, 1);
        // A pattern of the other list may hold in these words, too: "to 17 (exclusive)".
        most = most == null ? first(AT_MOST, part, 0) : most;
        if (most != null) {
          return most;
        }
        if (isRefused(part)) {
          return 0;
        }
      }
    }
    return null;
  }

  private static Integer first(List<Pattern> wordings, String part, int beyond) {
    for (Pattern wording : wordings) {
      Matcher m = wording.matcher(part);
      if (m.find()) {
        return Math.max(0, Integer.parseInt(m.group(1)) - beyond);
      }
    }
    return null;
  }

  /** Returns whether the words that refuse stand near those for stop sequences. */
  private static boolean isRefused(String part) {
    Matcher stop = STOP.matcher(part);
    while (stop.find()) {
      int from = Math.max(0, stop.start() - 40);
      int to = Math.min(part.length(), stop.end() + 40);
      if (TOO_MANY.matcher(part.substring(from, to)).find()) {
        return true;
      }
    }
    return false;
  }
}
