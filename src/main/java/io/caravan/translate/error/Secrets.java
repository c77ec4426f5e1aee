package io.caravan.translate.error;

import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Removes secrets from text that comes from upstreams: they quote the key that they refuse, whole
 * or in part. Known keys are masked, and so is anything that looks like a key of a known provider.
 * The ids of accounts are masked, too: they are the operator's and not the client's.
 */
public final class Secrets {
  private static final String MASK = "***";

  /** The least length of a secret. Shorter values would be found in ordinary words. */
  private static final int SHORTEST = 8;

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
  String mask(String text) {
    String masked = text;
    for (String key : known.get()) {
      if (key != null && key.length() >= SHORTEST) {
        masked = masked.replace(key, MASK);
      }
    }
    for (Pattern shape : SHAPES) {
      masked = shape.matcher(masked).replaceAll("$1***");
    }
    return masked;
  }
}
