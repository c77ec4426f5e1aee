package io.caravan.doctor;

import io.caravan.exchange.CallFailedException;
import io.caravan.exchange.ModelChoice;
import io.caravan.json.JsonWriter;
import io.caravan.models.ModelDirectory;
import io.caravan.models.UpstreamModels;
import io.caravan.models.WindowSetting;
import io.caravan.provider.ModelCard;
import io.caravan.provider.Provider;
import io.caravan.settings.SettingOrigin;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.CamelContext;

/** Calls a model as Claude Code does: for text, and for a tool call. */
public final class ModelCheck {
  private static final String ASK =
      "\"max_tokens\":1024,\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":"
          + "\"Count from one to ten in words.\"}]";
  private static final String ASK_FOR_A_TOOL =
      "\"max_tokens\":1024,\"stream\":true,\"tools\":[{\"name\":\"read_clock\",\"description\":"
          + "\"Tells the time in a time zone.\",\"input_schema\":{\"type\":\"object\",\"properties\":"
          + "{\"zone\":{\"type\":\"string\"}},\"required\":[\"zone\"]}}],\"messages\":[{\"role\":\"user\","
          + "\"content\":\"Call the tool read_clock for the zone UTC. Say nothing else.\"}]";

  /** The time within which a completion may well come in one piece. */
  private static final long QUICK_MILLIS = 500;

  private final CamelContext context;
  private final ModelChoice choice;
  private final Findings findings;

  private ModelCheck(CamelContext context, ModelChoice choice, Findings findings) {
    this.context = context;
    this.choice = choice;
    this.findings = findings;
  }

  /** Examines a model of a started application, by calls through its routes. */
  public static void examine(CamelContext context, ModelChoice choice, Findings findings) {
    Provider provider = choice.provider();
    if (provider.demonstration()) {
      findings.add(
          Finding.note(
              choice.fullName(),
              "answered by the demonstration upstream, which is no model",
              "set " + provider.getKeySetting() + ", or the base URL of a server of your own"));
      return;
    }
    new ModelCheck(context, choice, findings).call();
  }

  private void call() {
    findings.trying(choice.fullName() + ": a text");
    long start = System.nanoTime();
    TestCall words = TestCall.of(context, choice, request(ASK));
    if (words.failure() != null) {
      findings.add(failed(words.failure(), listed()));
      return;
    }
    long millis = (System.nanoTime() - start) / 1_000_000;
    findings.add(answered(words, millis));
    if (words.parts() < 2 && millis > QUICK_MILLIS) {
      findings.add(
          Finding.note(
              choice.fullName(),
              "the completion came in one piece: no text can be shown before it is complete",
              "check whether the server streams, or a proxy before it buffers responses"));
    }
    findings.add(usage(words));
    findings.trying(choice.fullName() + ": a tool call");
    findings.add(toolCall());
    findings.add(window());
  }

  private Set<String> listed() {
    UpstreamModels lists = context.getRegistry().findSingleByType(UpstreamModels.class);
    UpstreamModels.Listing listing = lists.listings().get(choice.provider().getName());
    return listing == null ? Set.of() : new TreeSet<>(listing.models().keySet());
  }

  private String request(String rest) {
    String model = new JsonWriter(80).value(choice.fullName()).finish().toString();
    return "{\"model\":" + model + "," + rest + "}";
  }

  private Finding answered(TestCall words, long millis) {
    return words.hasText()
        ? Finding.ok(
            choice.fullName(),
            "answers, in "
                + millis
                + " ms and "
                + (words.parts() == 1 ? "one piece" : words.parts() + " pieces"))
        : Finding.problem(
            choice.fullName(),
            "returned no text",
            "try another model; some return text only with other settings");
  }

  private Finding usage(TestCall words) {
    return words.hasUsage()
        ? Finding.ok(choice.fullName(), "reports the tokens used")
        : Finding.note(
            choice.fullName(),
            "doesn't report the tokens used; they are estimated",
            "streamUsage of the provider may be switched off, or the server too old");
  }

  private Finding toolCall() {
    TestCall tool = TestCall.of(context, choice, request(ASK_FOR_A_TOOL));
    if (tool.failure() != null) {
      return Finding.problem(
          choice.fullName(),
          "doesn't accept tools: " + tool.failure().getMessage(),
          "Claude Code needs them: switch tool calling on where the model is served (vLLM:"
              + " --enable-auto-tool-choice --tool-call-parser NAME), or choose another model");
    }
    return tool.hasToolCall()
        ? Finding.ok(choice.fullName(), "calls tools")
        : Finding.problem(
            choice.fullName(),
            "was asked to call a tool and did not",
            "check whether tool calling is switched on where the model is served (vLLM:"
                + " --enable-auto-tool-choice --tool-call-parser NAME), or choose another model");
  }

  private Finding window() {
    // Chosen again: the upstream has been asked for its list by now.
    ModelDirectory models = context.getRegistry().findSingleByType(ModelDirectory.class);
    ModelCard card = models.choose(choice.fullName()).card();
    Integer window = card == null ? null : card.getContextWindow();
    if (window == null) {
      return Finding.note(
          choice.fullName(),
          "the size of its context window is unknown, so prompts that don't fit are not refused"
              + " before the call",
          "give it a ModelCard with contextWindow in the provider's file");
    }
    return Finding.note(
        choice.fullName(),
        "has a context window of " + window + " tokens, and Claude Code assumes a million",
        WindowSetting.of(window));
  }

  private Finding failed(Exception failure, Set<String> listed) {
    return Finding.problem(
        choice.fullName(), String.valueOf(failure.getMessage()), advice(failure, listed));
  }

  private String advice(Exception failure, Set<String> listed) {
    String kind = failure instanceof CallFailedException failed ? failed.failure().kind() : "";
    String setting = choice.provider().getKeySetting();
    String key = setting == null ? "the key of " + choice.provider().getName() : setting;
    return switch (kind) {
      case "no_such_model" -> others(listed);
      case "key_refused" -> "set " + key + " to a key that is valid for this model";
      case "out_of_credit" -> "the account of " + key + " needs credit, or choose another model";
      case "misconfigured", "base_url", "dns", "tls", "connect" ->
          "correct "
              + SettingOrigin.ofBean(context, choice.provider().getName(), "baseUrl").name()
              + ", or start the server there";
      case "rate_limited" -> "wait, and run the doctor again";
      default -> "see " + choice.provider().getName() + " in routes/providers";
    };
  }

  /** Returns advice with similar models of the upstream: of the same family, else of the maker. */
  private String others(Set<String> listed) {
    String model = choice.model();
    for (String part : List.of(family(model), maker(model))) {
      List<String> alike =
          listed.stream()
              .filter(id -> !id.equals(model))
              .filter(id -> id.toLowerCase(Locale.ROOT).contains(part))
              .limit(6)
              .toList();
      if (!part.isEmpty() && !alike.isEmpty()) {
        return "choose another model; there are " + String.join(", ", alike);
      }
    }
    return listed.isEmpty()
        ? "choose another model"
        : "choose another model; " + listed.size() + " are listed at /v1/models";
  }

  /** Returns the family of a model: {@code glm} for {@code z-ai/glm-5.3-flash}. */
  private static String family(String model) {
    String name = model.substring(model.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    return name.replaceFirst("[-_.:\\d].*", "");
  }

  private static String maker(String model) {
    int slash = model.indexOf('/');
    return slash < 0 ? "" : model.substring(0, slash + 1).toLowerCase(Locale.ROOT);
  }
}
