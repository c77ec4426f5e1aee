package io.caravan.provider.learned;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads from a refusal of an effort which ones the upstream accepts. */
final class EffortValues {
  private static final Pattern SUBJECT = Pattern.compile("reasoning[_. ]?effort");

  /** The words before the list: Mistral (mistralai/mistral-vibe#1110), pydantic, zod, Groq. */
  private static final Pattern LIST =
      Pattern.compile(
          "(?:supported|allowed|valid|accepted|permitted|available|possible) (?:values|options)"
              + "|must be (?:one of|either)|should be|expected (?:one of|values?)|(?:one|any) of"
              + "|choose (?:from|between)|only supports?");

  private static final Pattern EFFORT =
      Pattern.compile("(?<![a-z_])(none|minimal|low|medium|high|xhigh|max)(?![a-z_])");

  private EffortValues() {}

  /** Returns the accepted efforts, or null if the refusal lists none. */
  static Quirk.Efforts of(String message) {
    String text = message.toLowerCase(Locale.ROOT);
    if (!SUBJECT.matcher(text).find()) {
      return null;
    }
    Matcher list = LIST.matcher(text);
    if (!list.find()) {
      return null;
    }
    List<String> efforts = new ArrayList<>();
    Matcher effort = EFFORT.matcher(text).region(list.end(), text.length());
    while (effort.find()) {
      if (!efforts.contains(effort.group(1))) {
        efforts.add(effort.group(1));
      }
    }
    return efforts.isEmpty() ? null : new Quirk.Efforts(String.join(",", efforts));
  }
}
