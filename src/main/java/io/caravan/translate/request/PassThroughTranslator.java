package io.caravan.translate.request;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.ThinkingOption;
import io.caravan.json.Json;
import io.caravan.json.JsonTree;
import io.caravan.json.JsonWriter;
import io.caravan.json.RawJson;
import io.caravan.provider.Dialect;
import io.caravan.provider.SystemRole;
import io.caravan.provider.learned.DroppedFields;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Passes a request through to an upstream that serves the Messages API itself. The request stays
 * the same, byte by byte, except for the model's name, a {@code max_tokens} within the model's
 * limit, and what the upstream has refused: fields, and system turns between the others.
 */
public final class PassThroughTranslator {
  /** The fields that the model doesn't see. */
  private static final Set<String> SILENT =
      Set.of("metadata", "context_management", "safeguards", "cache_control", "service_tier");

  /** The protocol's own least budget. */
  private static final int LEAST_BUDGET = 1024;

  /**
   * Writes the request for the upstream.
   *
   * @param model the upstream's own name of the model
   * @param learned the fields that the upstream has refused, or {@link DroppedFields#NONE}
   * @throws AnthropicException if the prompt leaves no room for a completion, with the words on
   *     which Claude Code compacts
   */
  public UpstreamRequest forward(
      MessagesRequest request,
      Dialect dialect,
      String model,
      DroppedFields learned,
      TranslationOptions options) {
    ServerSideConversations.refuse(request);
    Losses losses = new Losses();
    Integer maxTokens =
        Integer.valueOf(0).equals(request.maxTokens())
            ? null
            : MaxTokens.of(request, dialect, model, learned, options, losses);
    Map<String, RawJson> members = members(request, model);
    if (maxTokens != null) {
      members.put("max_tokens", RawJson.of(maxTokens.toString()));
      fitBudget(request, members, maxTokens, losses);
    }
    members.putAll(dialect.extraBody());
    if (dialect.systemRole() == SystemRole.USER && members.containsKey("messages")) {
      RawJson folded = SystemTurns.fold(members.get("messages"));
      if (!folded.equals(members.put("messages", folded))) {
        losses.add(Loss.SYSTEM_REMINDER);
      }
    }

    JsonWriter json = new JsonWriter(request.body().length() + 256).beginObject();
    members.forEach(
        (name, value) -> {
          if (!learned.drops(name)) {
            json.field(name, value);
          } else if (!SILENT.contains(name)) {
            losses.add(Loss.FIELD);
          }
        });
    losses.refuse(model, options);
    RawJson body = json.endObject().finish();
    return new UpstreamRequest(
        body,
        new ToolNames(dialect.toolNameLimit()),
        SentSchemas.NONE,
        0,
        null,
        losses,
        new BodySpans(0, new int[0], 0));
  }

  /**
   * Returns the body for the upstream's own {@code count_tokens}. Only the model's name is changed.
   */
  public RawJson forwardCount(MessagesRequest request, String model) {
    Map<String, RawJson> members = members(request, model);
    JsonWriter json = new JsonWriter(request.body().length() + 256).beginObject();
    members.forEach(json::field);
    return json.endObject().finish();
  }

  private static Map<String, RawJson> members(MessagesRequest request, String model) {
    Map<String, RawJson> members = new LinkedHashMap<>(Json.members(request.body()));
    members.replace("model", RawJson.of(quoted(model)));
    return members;
  }

  /** Fits the budget for thinking, which the protocol requires to be smaller than max_tokens. */
  private static void fitBudget(
      MessagesRequest request, Map<String, RawJson> members, int maxTokens, Losses losses) {
    ThinkingOption thinking = request.thinking();
    if (thinking.budgetTokens() == null || thinking.budgetTokens() < maxTokens) {
      return;
    }
    losses.add(Loss.THINKING_OPTION);
    if (maxTokens <= LEAST_BUDGET) {
      members.remove("thinking");
      return;
    }
    @SuppressWarnings("unchecked")
    Map<String, Object> option = (Map<String, Object>) JsonTree.read(members.get("thinking"));
    int budget = Math.max(LEAST_BUDGET, maxTokens / 2);
    option.put("budget_tokens", new JsonTree.Digits(Integer.toString(budget)));
    members.put("thinking", new JsonWriter(80).tree(option).finish());
  }

  private static String quoted(String text) {
    return new JsonWriter(text.length() + 8).value(text).finish().toString();
  }
}
