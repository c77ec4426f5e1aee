package io.caravan.provider.learned;

import io.caravan.openai.UpstreamError;
import io.caravan.provider.ReasoningReplay;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads from a refusal which part of the request the upstream doesn't accept. Hosted NIM checks
 * each model's own list of fields, and each server uses words of its own. The parts read here can
 * be left out of a retry.
 */
public final class FieldComplaint {
  private static final String NAMES = "([`'\"]?+\\w++[`'\"]?+(?:, ?+[`'\"]?+\\w++[`'\"]?+){0,20}+)";

  /** The wordings that end in, or hold, a list of names. */
  private static final List<Pattern> LISTS =
      List.of(
          // Hosted NIM: Alishahryar1/free-claude-code#127, Gitlawb/openclaude#1950
          regex("unsupported parameter\\(s\\): " + NAMES),
          // OpenAI, Azure: Pythagora-io/gpt-pilot#1022
          regex("unrecognized request arguments? supplied: " + NAMES),
          // Python's jsonschema
          regex("additional properties are not allowed \\(" + NAMES + " (?:was|were) unexpected"));

  /** The wordings that hold one name or path. */
  private static final List<Pattern> PATHS =
      List.of(
          // pydantic 2, in the form of ErrorBodies: Mistral (Gitlawb/openclaude#739), vLLM, NIM
          regex("([a-z_][\\w.]{0,120}+): (?:extra inputs are|extra fields) not permitted"),
          // pydantic 1, in the form of NVCF: NVIDIA/garak#748, Kilo-Org/kilocode#9652
          regex("body -> (\\w++(?: -> \\w++){0,8}+) (?:extra|unexpected)"),
          // Fireworks
          regex("extra inputs are not permitted, field: '(\\w+)"),
          // Groq: janhq/jan#8136 inside a message, musistudio/llms#64 at the top
          regex("\\('(messages\\.\\d+)' : property '(\\w+)' is unsupported"),
          regex("(?<! : )property '(\\w+)' is unsupported"),
          // OpenAI: owndev/Open-WebUI-Functions#98
          regex("unsupported (?:parameter|value): '([\\w.\\[\\]]{1,120})'"),
          // OpenAI's newer wording; Go's and Rust's JSON readers
          regex("unknown (?:parameter|field|argument|key):? [`'\"]([\\w.\\[\\]]{1,120})[`'\"]"),
          // Python
          regex("unexpected keyword argument '(\\w+)'"),
          // xAI: neavo/LinguaGacha#771
          regex("does not support parameters? (\\w+)"),
          regex("argument not supported on this model: (\\w+)"),
          // Hosted NIM: Alishahryar1/free-claude-code#1519
          regex("`(\\w+)` is immutable for this model"),
          // Moonshot
          regex("invalid (temperature|top_p|presence_penalty|frequency_penalty|n): only"),
          // Groq: earendil-works/pi#1745
          regex("(reasoning_effort) must be one of"));

  /**
   * The wording of Google's JSON reader. It also names the place if that isn't the top of the
   * request.
   */
  private static final Pattern UNKNOWN_NAME =
      regex("unknown name \"(\\w+)\"(?: at '([^']{0,300})')?: cannot find field");

  /** A wording that any server may use about a field that OpenAI knows. */
  private static final Pattern NOT_SUPPORTED =
      regex(
          "[`'\"]?\\b([a-z][a-z_]{1,40}+)[`'\"]? (?:parameter |field |type |option )?"
              + "(?:is|are) (?:not (?:supported|permitted|allowed|available|recognized)"
              + "|unsupported|unavailable)");

  private static final Set<String> KNOWN =
      Set.of(
          "temperature",
          "top_p",
          "top_k",
          "min_p",
          "seed",
          "logprobs",
          "top_logprobs",
          "logit_bias",
          "frequency_penalty",
          "presence_penalty",
          "repetition_penalty",
          "response_format",
          "tool_choice",
          "parallel_tool_calls",
          "stop",
          "stream_options",
          "reasoning_effort",
          "reasoning_budget",
          "include_reasoning",
          "enable_thinking",
          "chat_template_kwargs",
          "prompt_cache_key",
          "service_tier");

  private static final Pattern NO_TOOL_PARSER = regex("\"?auto\"? tool choice requires");

  /** The complaints about the value in this one request. */
  private static final Pattern TOOL_CHOICE =
      regex(
          "invalid tool_choice|tool_choice '\\w+' is incompatible with thinking"
              + "|support the provided 'tool_choice' value|does not support this tool_choice"
              // Alibaba (deepseek-ai/awesome-deepseek-integration#606 is its sister), in any order
              + "|tool_choice.{0,60}(?:not support|unsupported|incompatible|cannot|can't|not allowed"
              + "|only|conflict).{0,60}(?:thinking|reasoning)|(?:thinking|reasoning).{0,60}(?:not"
              + " support|unsupported|incompatible|cannot|can't|not allowed|only|conflict).{0,60}"
              + "tool_choice|tool_choice.{0,40}(?:only|must be|should be|has to be) .{0,40}\\b(?:auto"
              + "|none)\\b");

  private static final Pattern NO_TEMPLATE = regex("chat_template(?:_kwargs)? is not supported");
  private static final Pattern NO_THINKING = regex("does not support thinking");

  private static final Pattern REASONING_MISSING =
      regex("reasoning_content[^.]{0,80}(?:must be passed back|is missing)");

  private static final Pattern NO_IMAGES =
      regex(
          "(?:does not|doesn't|not) support (?:image|vision|multimodal)"
              + "|no endpoints found that support image|not a multimodal model"
              + "|image(?:_url| input)s?['\"`]? (?:is|are) not supported|unknown variant `image_url`"
              + "|at most 0 image|image_url is only supported");

  private static final Pattern IMAGES =
      regex(
          "at most \\d+ images?\\b|at most \\d+ image\\(s\\)|(?:unsupported|invalid) image"
              + "|(?:process|load|identify|decode|open|download|fetch) (?:\\w+ ){0,2}image"
              + "|image (?:file |size )?(?:is )?(?:too large|exceeds)");

  private final String text;
  private final Set<Quirk> found = new LinkedHashSet<>();

  private FieldComplaint(String text) {
    this.text = text;
  }

  /**
   * Returns the changes that fit the refused request; empty if nothing was understood.
   *
   * @param maxTokens the {@code max_tokens} that was sent, or 0 for none: a limit above it is no
   *     reason to refuse
   */
  public static List<Quirk> of(UpstreamError error, long maxTokens) {
    if (!isRefusal(error.status())) {
      return List.of();
    }
    FieldComplaint complaint = new FieldComplaint(error.message());
    complaint.ways();
    // Servers send 404 and 500 for missing abilities, in whose text a field's name is a
    // coincidence.
    if (error.status() == 400 || error.status() == 422) {
      complaint.fields();
      complaint.param(error);
      complaint.efforts();
      Integer limit = OutputLimit.of(error.message(), maxTokens);
      if (limit != null) {
        complaint.found.add(new Quirk.LimitMaxTokens(limit, true));
      }
    }
    return List.copyOf(complaint.found);
  }

  /**
   * Returns whether the upstream complains about images: their number, their form, or any image at
   * all.
   */
  public static boolean isAboutImages(UpstreamError error) {
    return isRefusal(error.status())
        && (NO_IMAGES.matcher(error.message()).find() || IMAGES.matcher(error.message()).find());
  }

  private static boolean isRefusal(int status) {
    return status == 400 || status == 404 || status == 422 || status == 500 || status == 501;
  }

  /** Finds forms of the request that the model doesn't know. */
  private void ways() {
    found.addAll(TemplateComplaint.of(text));
    if (NO_IMAGES.matcher(text).find()) {
      found.add(new Quirk.NoImages());
    }
    if (REASONING_MISSING.matcher(text).find()) {
      found.add(new Quirk.Replay(ReasoningReplay.REASONING_CONTENT));
    }
    if (NO_TOOL_PARSER.matcher(text).find()) {
      drop("tool_choice", true);
    } else if (TOOL_CHOICE.matcher(text).find()) {
      drop("tool_choice", false);
    }
    if (NO_TEMPLATE.matcher(text).find()) {
      drop("chat_template", true);
      drop("chat_template_kwargs", true);
    }
    if (NO_THINKING.matcher(text).find()) {
      // Ollama, which has these switches for gpt-oss and Qwen: Gitlawb/openclaude#1371
      drop("reasoning_effort", true);
      drop("reasoning", true);
    }
  }

  private void fields() {
    for (Pattern list : LISTS) {
      Matcher m = list.matcher(text);
      while (m.find()) {
        for (String name : m.group(1).split(",", -1)) {
          path(name.replaceAll("[`'\" ]", ""));
        }
      }
    }
    for (Pattern wording : PATHS) {
      Matcher m = wording.matcher(text);
      while (m.find()) {
        path(m.groupCount() == 2 ? m.group(1) + "." + m.group(2) : m.group(1));
      }
    }
    Matcher google = UNKNOWN_NAME.matcher(text);
    while (google.find()) {
      String place = google.group(2);
      path(place == null || place.equals(google.group(1)) ? google.group(1) : place);
    }
    Matcher any = NOT_SUPPORTED.matcher(text);
    while (any.find()) {
      if (KNOWN.contains(any.group(1).toLowerCase(Locale.ROOT))) {
        path(any.group(1));
      }
    }
  }

  /** Takes another effort, if the upstream lists those that it accepts, in place of none. */
  private void efforts() {
    Quirk.Efforts efforts = EffortValues.of(text);
    if (efforts != null) {
      found.remove(new Quirk.DropField("reasoning_effort", true));
      found.remove(new Quirk.DropField("reasoning", true));
      found.add(efforts);
    }
  }

  /** Reads the field that OpenAI names beside the message. */
  private void param(UpstreamError error) {
    String code = error.code() == null ? "" : error.code();
    boolean ofField =
        code.equals("unsupported_parameter")
            || code.equals("unsupported_value")
            || code.equals("unknown_parameter");
    if (ofField && error.param() != null) {
      path(error.param());
    }
  }

  private void path(String path) {
    List<String> steps = new ArrayList<>();
    for (String step : path.replace(" -> ", ".").split("[.\\[\\]]+", -1)) {
      if (!step.isEmpty() && !(steps.isEmpty() && step.equals("body"))) {
        steps.add(step);
      }
    }
    if (steps.isEmpty()) {
      return;
    }
    String top = snakeCase(steps.get(0));
    String last = steps.get(steps.size() - 1);
    if (top.equals("messages")) {
      if (last.startsWith("reasoning")) {
        found.add(new Quirk.Replay(ReasoningReplay.NONE));
      }
    } else if (top.equals("max_tokens") && text.contains("max_completion_tokens")) {
      // OpenAI: "Use 'max_completion_tokens' instead."
      found.add(new Quirk.NameMaxTokens("max_completion_tokens"));
    } else if (top.equals("max_completion_tokens")) {
      found.add(new Quirk.NameMaxTokens("max_tokens"));
    } else {
      drop(top, true);
    }
  }

  private void drop(String field, boolean lasting) {
    boolean name = field.matches("[A-Za-z_][A-Za-z0-9_]{0,63}");
    // Thinking was the reason, and other requests don't have it.
    boolean known = lasting && found.contains(new Quirk.DropField("tool_choice", false));
    if (known && field.equals("tool_choice")) {
      return;
    }
    if (name && !Quirk.DropField.PROTECTED.contains(field)) {
      found.add(new Quirk.DropField(field, lasting));
    }
  }

  /** Converts a name of xAI's own code: {@code reasoningEffort}. */
  private static String snakeCase(String name) {
    return name.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }

  private static Pattern regex(String regex) {
    return Pattern.compile(regex, Pattern.CASE_INSENSITIVE);
  }
}
