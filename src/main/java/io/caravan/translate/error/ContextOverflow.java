package io.caravan.translate.error;

import io.caravan.openai.UpstreamError;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A prompt that doesn't fit the model's context window, alone or with the completion that was
 * requested. Each server uses other words and names other numbers: those that are known stand here,
 * and {@link OverflowMeaning} understands others.
 *
 * @param input the tokens of the prompt, or 0 if they aren't named
 * @param atLeast whether the prompt may have more of them: vLLM stops counting at the limit
 *     (vllm-project/vllm#42474)
 * @param output the tokens requested for the completion, or 0
 * @param total the tokens of both, or 0
 * @param window the tokens that fit, or 0
 * @param beyond the tokens by which the prompt alone is too long, or 0: from a negative {@code
 *     max_tokens}
 * @param uncounted whether the limit is one of characters, so that a window in tokens doesn't count
 */
record ContextOverflow(
    long input,
    boolean atLeast,
    long output,
    long total,
    long window,
    long beyond,
    boolean uncounted) {
  /** An overflow of which no number is known. */
  static final ContextOverflow UNKNOWN = new ContextOverflow(0, false, 0, 0, 0, 0, false);

  /**
   * The least tokens of a useful completion. Claude Code retries with the rest of the window less
   * 1000, but with no less than 3000.
   */
  private static final long LEAST_ANSWER = 4000;

  private static final Set<String> CODES =
      Set.of(
          "context_length_exceeded",
          "exceed_context_size_error",
          "model_max_prompt_tokens_exceeded",
          "context_window_exceeded",
          "model_context_window_exceeded");

  private static final List<Pattern> WORDINGS =
      List.of(
          regex("prompt is too long|input is too long"),
          regex("input length and `?max_tokens`? exceed context limit"),
          regex("context_length_exceeded"),
          regex("exceeds? (?:the )?(?:model's )?(?:maximum )?context (?:window|length|size)"),
          // vLLM and hosted NIM since 2026 (Kilo-Org/kilocode#8698)
          regex("you passed \\d.{0,80}context (?:length|window)"),
          regex("longer than the (?:maximum model|model's context) length"),
          // llama.cpp (ggml-org/llama.cpp#15780)
          regex("exceeds the available context size"),
          // LM Studio (Gitlawb/openclaude#353, lmstudio-ai/lmstudio-bug-tracker#546)
          regex("greater than the context length|when context the overflows"),
          // Google (google-gemini/gemini-cli#12214)
          regex("input token count .{0,40}exceeds the maximum number of tokens allowed"),
          // xAI (cline/cline#3120)
          regex("maximum prompt length is \\d"),
          // Groq
          regex("reduce the length of the messages"),
          // Mistral
          regex("too large for model with \\d+ maximum context"),
          // Moonshot (MoonshotAI/kimi-cli#2011)
          regex("exceeded model token limit"),
          // Alibaba (QwenLM/qwen-code#98)
          regex("range of input length should be"),
          // MiniMax
          regex("context window exceeds limit"),
          // Z.ai, mlx-serve (ddalcu/mlx-serve#66)
          regex("prompt exceeds max"),
          // GitHub Models
          regex("prompt token count of \\d+ exceeds the limit"),
          // Hugging Face TGI
          regex("`inputs` tokens \\+ `max_new_tokens` must be"),
          // TensorRT-LLM
          regex("prompt length \\(\\d+\\) exceeds"),
          regex("max_tokens'? must be at least ?1, got -\\d"),
          regex("integer below minimum value\\. expected a value >= 1, but got -\\d"));

  /**
   * The words of OpenAI, vLLM, DeepSeek, OpenRouter and SGLang. They name a limit and don't say
   * that it is exceeded, so that a number behind them or the call's count has to confirm it.
   */
  private static final Pattern LIMIT_NAMED = regex("maximum (?:context|model) length");

  private static final String N = "(\\d[\\d,]{0,11})";

  private static final List<Pattern> WINDOW =
      List.of(
          regex("context (?:length|window|size) (?:is |of |\\()(?:only )?" + N),
          regex("maximum model length of " + N),
          regex("n_ctx: " + N),
          regex("number of tokens allowed \\(" + N),
          regex("prompt length is " + N),
          regex(N + " maximum context length"),
          regex("model token limit: " + N),
          regex("input length should be \\[\\d+, ?" + N),
          regex("exceeds the limit of " + N),
          regex("max_new_tokens` must be <= " + N),
          regex("maximum input length \\(" + N),
          regex("tokens > " + N + " maximum"),
          regex("context limit: \\d+ \\+ \\d+ > " + N));

  private static final List<Pattern> INPUT =
      List.of(
          regex(N + " in (?:the messages|your prompt)"),
          regex(N + " tokens from the input messages"),
          regex("prompt contains (?:at least )?" + N),
          regex("you passed " + N),
          regex(N + " input tokens"),
          regex("messages resulted in " + N),
          regex("(?:input|request) \\(" + N + " tokens\\)"),
          regex("prompt \\(length " + N),
          regex("prompt length \\(" + N),
          // SillyTavern/SillyTavern#3543: TabbyAPI
          regex("length " + N + " \\+ \\d"),
          regex("n_prompt_tokens: " + N),
          regex("n_keep: " + N),
          regex("keep the first " + N),
          regex("input token count \\(" + N),
          regex("request contains " + N),
          regex("prompt token count of " + N),
          regex("given: " + N + " `inputs`"),
          regex("too long: " + N + " tokens"),
          regex("context limit: " + N + " \\+"));

  private static final List<Pattern> OUTPUT =
      List.of(
          regex(N + " (?:tokens )?(?:in|for) the (?:completion|output)"),
          regex("requested " + N + " output(?: tokens)?"),
          regex("is too large: " + N),
          regex("and " + N + " `max_new_tokens`"),
          regex("length \\d+ \\+ " + N),
          regex("context limit: \\d+ \\+ " + N));

  private static final List<Pattern> TOTAL =
      List.of(
          regex("requested (?:about |a total of )?" + N + " tokens"),
          // Moonshot (MoonshotAI/kimi-cli#2011)
          regex("requested: ?" + N));

  /**
   * The parts of a prompt, which OpenRouter counts one by one (musistudio/claude-code-router#252).
   */
  private static final Pattern PART = regex(N + " of \\w{1,12} input");

  private static final List<Pattern> BEYOND = List.of(regex("got -" + N));

  /**
   * Groq's limit on prompt and completion together, by the plan's tokens a minute
   * (continuedev/continue#10218).
   */
  private static final Pattern PER_MINUTE =
      regex(
          "request too large .{0,200}tokens per min.{0,40}limit " + N + ",.{0,40}requested ~?" + N);

  /**
   * Returns the context overflow that an error reports, or null if the error is about something
   * else.
   *
   * @param context the call: its own count of the prompt is a witness. A prompt that is nowhere
   *     near a limit has not exceeded it, unless the upstream says so in words that leave no doubt.
   */
  static ContextOverflow of(UpstreamError error, FailureContext context) {
    String text = OverflowMeaning.plain(error.message());
    Matcher plan = PER_MINUTE.matcher(text);
    if (plan.find()) {
      long limit = number(plan.group(1));
      return new ContextOverflow(0, false, 0, number(plan.group(2)), limit, 0, false);
    }
    boolean listed = isListed(error, text);
    OverflowMeaning meaning = OverflowMeaning.of(text, error);
    boolean said = listed || meaning.isOverflow(context);
    if (!said && !LIMIT_NAMED.matcher(text).find()) {
      return null;
    }
    ContextOverflow overflow = read(text, meaning);
    boolean sure = !context.quotesClient() && (said || overflow.isNamed());
    boolean confirmed = !OverflowMeaning.isFar(overflow.window(), context) && !meaning.isOther();
    return sure || confirmed || hasCode(error) ? overflow : null;
  }

  private static ContextOverflow read(String text, OverflowMeaning meaning) {
    if (meaning.inCharacters()) {
      // A shorter completion doesn't help.
      return new ContextOverflow(0, false, 0, 0, 0, 0, true);
    }
    long input = parts(text);
    if (input == 0) {
      input = first(INPUT, text);
    }
    long beyond = text.contains("max_tokens") ? first(BEYOND, text) : 0;
    long total = first(TOTAL, text);
    long window = first(WINDOW, text);
    if (window == 0 && beyond == 0) {
      window = meaning.limit();
    }
    if (input == 0 && total == 0 && beyond == 0) {
      input = meaning.given() > window ? meaning.given() : 0;
      beyond = input == 0 ? meaning.beyond() : 0;
    }
    return new ContextOverflow(
        input,
        text.contains("at least " + input),
        first(OUTPUT, text),
        total,
        window,
        beyond,
        false);
  }

  /** Returns whether the error names more tokens than fit. */
  private boolean isNamed() {
    return beyond > 0 || Math.max(input + output, total) > window;
  }

  /** Returns whether a shorter completion fits. If not, the prompt has to become shorter. */
  boolean fitsShorter(FailureContext context) {
    long input = knownInput(context);
    long space = knownWindow(context) - input;
    long asked = outputSent(context);
    // If both fit by the numbers that are known, it is the prompt that is longer than it seems.
    return !uncounted && space >= LEAST_ANSWER && asked > space;
  }

  /** Returns the tokens that fit, or 0 if they are unknown. */
  long knownWindow(FailureContext context) {
    if (uncounted) {
      return 0;
    }
    return window > 0 ? window : context.tokens().window();
  }

  /**
   * Returns the tokens of the prompt: the named number, else one that follows from named numbers,
   * else the estimate.
   */
  long knownInput(FailureContext context) {
    long space = knownWindow(context);
    if (beyond > 0) {
      return space > 0 ? space + beyond : context.tokens().input();
    }
    if (atLeast) {
      // The estimate counts, unless the upstream has just shown it to be too low. Then half of the
      // rest is added: the next response shows more.
      long guess = context.tokens().input() + context.tokens().input() / 10;
      return guess > input ? guess : input + Math.max(0, space - input) / 2;
    }
    if (input > 0) {
      return input;
    }
    long output = outputSent(context);
    return Math.max(total > output ? total - output : total, context.tokens().input());
  }

  /** Returns the tokens requested for the completion, or 0. */
  long outputSent(FailureContext context) {
    if (output > 0) {
      return output;
    }
    // Of a sum the part is taken that leaves a prompt of about the counted size: a refusal may
    // still
    // speak of the client's own limit after less has been sent.
    long leftBySent = Math.abs(total - context.tokens().max() - context.tokens().input());
    long leftByClients = Math.abs(total - context.tokens().clientMax() - context.tokens().input());
    return total > 0 && leftByClients < leftBySent
        ? context.tokens().clientMax()
        : context.tokens().max();
  }

  private static boolean isListed(UpstreamError error, String text) {
    return hasCode(error) || WORDINGS.stream().anyMatch(wording -> wording.matcher(text).find());
  }

  private static boolean hasCode(UpstreamError error) {
    return CODES.contains(String.valueOf(error.code()))
        || CODES.contains(String.valueOf(error.type()));
  }

  private static long parts(String text) {
    long sum = 0;
    Matcher m = PART.matcher(text);
    while (m.find()) {
      sum += number(m.group(1));
    }
    return sum;
  }

  private static long first(List<Pattern> patterns, String text) {
    for (Pattern pattern : patterns) {
      Matcher m = pattern.matcher(text);
      if (m.find()) {
        return number(m.group(1));
      }
    }
    return 0;
  }

  private static long number(String digits) {
    return Long.parseLong(digits.replace(",", ""));
  }

  private static Pattern regex(String regex) {
    return Pattern.compile(regex);
  }
}
