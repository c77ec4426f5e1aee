package io.caravan.translate.error;

import io.caravan.json.Json;
import io.caravan.json.RawJson;
import io.caravan.openai.UpstreamError;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Removes secrets from text that comes from upstreams: they quote the key that they refuse, whole
 * or in part. Known keys are masked, and so is anything that looks like a key of a known provider.
 * The ids of accounts are masked, too: they are the operator's and not the client's.
 */
public final class Secrets {
  private static final String MASK = "***";

  /**
   * The least length of a piece of a known key that is masked wherever it stands. Shorter ones
   * would be found in ordinary words.
   */
  private static final int PIECE = 12;

  /** The least length of a known key that is masked inside a longer word, too. */
  private static final int WHOLE = 8;

  /** The least length of a known key. The shortest ones are masked as whole words only. */
  private static final int SHORTEST = 4;

  private static final List<Pattern> SHAPES =
      List.of(
          // Authorization: Bearer …, also inside JSON and Python's repr
          Pattern.compile("(?i)(\\b(?:bearer|basic)\\s{1,4})[A-Za-z0-9._~+/=*-]{8,4096}"),
          Pattern.compile(
              "(?i)(\\b(?:api[_-]?key|access[_-]?token|secret)['\"]?\\s{0,4}[:=]\\s{0,4}['\"]?)"
                  + "[A-Za-z0-9._~+/=*-]{8,4096}"),
          // NVIDIA, OpenAI and its many followers, Groq, xAI, Hugging Face, Perplexity, Fireworks,
          // Cerebras, Replicate
          Pattern.compile(
              "()\\b(?:nvapi-|sk-(?:ant-|or-|proj-)|gsk_|xai-|hf_|pplx-|fw_|csk-|r8_)"
                  + "[A-Za-z0-9_*.-]{4,4096}"),
          Pattern.compile("()\\bsk-[A-Za-z0-9_-]{16,4096}"),
          // OpenAI quotes the first and the last letters: "sk-abcde*****wxyz"
          Pattern.compile("()\\bsk-[A-Za-z0-9_-]{0,32}\\*{2,4096}[A-Za-z0-9_-]{0,32}"),
          // Google
          Pattern.compile("()\\bAIza[A-Za-z0-9_-]{16,4096}"),
          // a signed token
          Pattern.compile(
              "()\\beyJ[A-Za-z0-9_-]{8,4096}\\.[A-Za-z0-9_-]{8,4096}[.A-Za-z0-9_-]{0,4096}"),
          // accounts: NVIDIA (Alishahryar1/free-claude-code#1021), Groq and OpenAI
          Pattern.compile("(?i)(\\baccount ['\"])[A-Za-z0-9_-]{8,128}"),
          Pattern.compile("()\\borg[-_][A-Za-z0-9]{8,64}\\b"));

  /** The searches by their keys: those seldom change, and a search takes making. */
  private static final Map<Set<String>, SpelledOut> SEARCHES = new ConcurrentHashMap<>();

  private static final int MOST_SEARCHES = 100;

  private final Supplier<? extends Collection<String>> known;

  /**
   * @param known supplies the keys in use each time, since they may be reloaded; nulls and short
   *     values are skipped
   */
  public Secrets(Supplier<? extends Collection<String>> known) {
    this.known = known;
  }

  /** Returns an instance for keys that don't change. */
  public static Secrets of(Collection<String> known) {
    List<String> copy = known.stream().filter(key -> key != null).toList();
    return new Secrets(() -> copy);
  }

  /** Returns the text with every secret replaced by {@code ***}. */
  public String mask(String text) {
    String masked = maskKnown(text);
    for (Pattern shape : SHAPES) {
      masked = shape.matcher(masked).replaceAll("$1***");
    }
    return masked;
  }

  /** Returns the text with the known keys replaced, and nothing that only looks like a key. */
  public String maskKnown(String text) {
    Set<String> keys = new HashSet<>(known.get());
    // First: what stands in one word breaks a key that goes on behind it.
    String masked = spelledOut(keys).mask(text, MASK);
    for (String key : keys) {
      if (key != null && key.length() >= SHORTEST) {
        masked = withoutStarred(masked, key);
        masked = withoutForm(masked, key);
      }
      if (key != null && key.length() >= WHOLE) {
        for (String form : EncodedForms.of(key)) {
          masked = withoutForm(masked, form);
        }
      }
    }
    return masked;
  }

  /** Returns whether a known key is in a text; it costs less than to mask it. */
  public boolean isIn(String text) {
    Set<String> keys = new HashSet<>(known.get());
    String lower = text.toLowerCase(Locale.ROOT);
    return keys.stream()
            .anyMatch(
                key ->
                    key != null
                        && key.length() >= SHORTEST
                        && lower.contains(key.toLowerCase(Locale.ROOT)))
        || !spelledOut(keys).mask(text, MASK).equals(text);
  }

  private static SpelledOut spelledOut(Set<String> keys) {
    SpelledOut search = SEARCHES.get(keys);
    if (search == null) {
      search = new SpelledOut(forms(keys));
      if (SEARCHES.size() >= MOST_SEARCHES) {
        SEARCHES.clear();
      }
      SEARCHES.put(keys, search);
    }
    return search;
  }

  private static Set<String> forms(Set<String> keys) {
    Set<String> forms = new HashSet<>();
    for (String key : keys) {
      if (key != null && key.length() >= WHOLE) {
        forms.add(key);
        forms.addAll(EncodedForms.of(key));
      }
    }
    return forms;
  }

  /** Returns the error with every secret in any of its texts masked. */
  public UpstreamError mask(UpstreamError error) {
    return new UpstreamError(
        error.status(),
        maskOrNull(error.type()),
        maskOrNull(error.code()),
        maskOrNull(error.message()),
        maskOrNull(error.param()));
  }

  /** Returns JSON with every secret in it masked; null for null. */
  public RawJson mask(RawJson json) {
    if (json == null) {
      return null;
    }
    RawJson masked = RawJson.of(mask(json.toString()));
    // A key may stand in the names and values of several members.
    return Json.isValue(masked) ? masked : RawJson.of('"' + MASK + '"');
  }

  private String maskOrNull(String text) {
    return text == null ? null : mask(text);
  }

  /** Masks the first and the last characters around the stars or dots of a cut key. */
  private static String withoutStarred(String text, String key) {
    String first = Pattern.quote(key.substring(0, SHORTEST));
    return Pattern.compile(
            "(?i)" + first + "[A-Za-z0-9_-]{0,64}(?:\\*{2,64}|\\.{3}|…)[A-Za-z0-9_-]{0,64}")
        .matcher(text)
        .replaceAll(Matcher.quoteReplacement(MASK));
  }

  private static String withoutForm(String text, String form) {
    return form.length() < PIECE ? withoutKey(text, form) : withoutPieces(text, form);
  }

  private static String withoutKey(String text, String key) {
    String quoted = Pattern.quote(key);
    String word = "(?<![A-Za-z0-9_-])" + quoted + "(?![A-Za-z0-9_-])";
    return Pattern.compile(key.length() < WHOLE ? word : quoted, Pattern.CASE_INSENSITIVE)
        .matcher(text)
        .replaceAll(Matcher.quoteReplacement(MASK));
  }

  /** Masks each run of characters that is a piece of the key. */
  private static String withoutPieces(String text, String key) {
    Set<String> pieces = new HashSet<>();
    String lower = key.toLowerCase(Locale.ROOT);
    for (int i = 0; i + PIECE <= lower.length(); i++) {
      pieces.add(lower.substring(i, i + PIECE));
    }
    StringBuilder out = new StringBuilder(text.length());
    int masked = 0;
    for (int i = 0; i < text.length(); i++) {
      if (i + PIECE <= text.length()
          && pieces.contains(text.substring(i, i + PIECE).toLowerCase(Locale.ROOT))) {
        if (i >= masked) {
          out.append(MASK);
        }
        masked = i + PIECE;
      }
      if (i >= masked) {
        out.append(text.charAt(i));
      }
    }
    return out.toString();
  }
}
