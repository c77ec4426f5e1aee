package io.caravan.translate.request;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.Block;
import io.caravan.anthropic.Message;
import io.caravan.anthropic.MessagesRequest;
import io.caravan.json.JsonText;
import io.caravan.json.RawJson;
import io.caravan.provider.Dialect;
import io.caravan.provider.PrefillForm;
import io.caravan.translate.reasoning.Reasoning;
import io.caravan.translate.reasoning.ReasoningMemory;
import io.caravan.translate.request.UpstreamMessage.Part;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Arranges a conversation in the order that OpenAI's protocol requires: each call is followed by
 * its result, in the order of the calls, and only then by the user's text. Clients keep no such
 * order: Claude Code sends results in the order in which they were ready, and cuts its history.
 *
 * <p>The output for a message depends only on it, on those before it and on parts of the request
 * that stay the same. So the upstream's prompt cache finds the previous request again.
 */
final class Conversation {
  private static final JsonText NO_RESULT =
      JsonText.of("Error: there is no result, the call was interrupted or its result is lost");

  private static final JsonText NO_TEXT = JsonText.of("(No answer.)");

  private final MessagesRequest request;
  private final Dialect dialect;
  private final ToolNames names;
  private final SentSchemas schemas;
  private final ReasoningMemory memory;
  private final Losses losses;
  private final Media media;
  private final UserContent users;
  private final ToolIdAssigner ids;
  private final List<UpstreamMessage> out = new ArrayList<>();
  private final Set<Block> answered = Collections.newSetFromMap(new IdentityHashMap<>());
  private JsonText prefill;

  Conversation(
      MessagesRequest request,
      Dialect dialect,
      String model,
      ToolNames names,
      SentSchemas schemas,
      TranslationOptions options,
      Losses losses) {
    this.request = request;
    this.dialect = dialect;
    this.names = names;
    this.schemas = schemas;
    this.memory = options.memory();
    this.losses = losses;
    this.media = new Media(dialect, model, options.substitutes(), losses);
    this.users = new UserContent(media, losses, newestUser());
    this.ids = new ToolIdAssigner(dialect.toolIds());
  }

  /** Returns the text with which the completion must begin, or null. */
  String prefill() {
    return prefill == null ? null : prefill.toString();
  }

  /**
   * Returns the messages for the upstream.
   *
   * @param system the system prompt; empty for none
   */
  List<UpstreamMessage> messages(JsonText system) {
    refuseEmptyEnd();
    if (!system.isEmpty()) {
      out.add(new UpstreamMessage.Instructions(system));
    }
    List<Turn> turns = Turn.of(request.messages());
    for (int i = 0; i < turns.size(); i++) {
      Turn turn = turns.get(i);
      Turn next = i + 1 < turns.size() ? turns.get(i + 1) : null;
      if (!turn.assistant()) {
        user(turn);
      } else {
        assistant(turn, next);
      }
    }
    return MessageOrder.arrange(out, dialect);
  }

  private int newestUser() {
    for (int i = request.messages().size() - 1; i >= 0; i--) {
      if (request.messages().get(i).role() == Message.Role.USER) {
        return i;
      }
    }
    return -1;
  }

  private void refuseEmptyEnd() {
    int last = request.messages().size() - 1;
    Message message = request.messages().get(last);
    if (message.role() == Message.Role.USER && Turn.isEmpty(message)) {
      throw AnthropicException.invalid(
          "messages." + last + ": user messages must have non-empty content");
    }
  }

  private void user(Turn turn) {
    for (Turn.Entry entry : turn.messages()) {
      List<Part> parts = users.parts(entry, answered);
      if (!parts.isEmpty()) {
        out.add(new UpstreamMessage.User(parts));
      }
    }
  }

  private void assistant(Turn turn, Turn next) {
    AssistantContent content = AssistantContent.of(turn, dialect, losses);
    if (next == null && content.calls().isEmpty()) {
      prefill(content);
    } else if (content.calls().isEmpty()) {
      assistantMessage(content);
    } else {
      calls(content, next);
    }
  }

  /**
   * Adds an assistant message. An empty one can be left out unless roles must alternate: there that
   * would change earlier messages.
   */
  private void assistantMessage(AssistantContent content) {
    Reasoning reasoning = reasoning(content);
    boolean empty = content.text().isBlank() && reasoning == null;
    if (!empty || dialect.mergeNeighbours()) {
      out.add(message(empty ? NO_TEXT : content.text(), reasoning, List.of(), false));
    }
  }

  private Reasoning reasoning(AssistantContent content) {
    return content.history().reasoning(content.calls(), memory);
  }

  private void prefill(AssistantContent content) {
    if (content.text().isBlank()) {
      return;
    }
    prefill = content.text();
    switch (dialect.prefill()) {
      case KEEP, CONTINUE_FINAL -> out.add(message(prefill, reasoning(content), List.of(), false));
      case PREFIX_TRUE -> out.add(message(prefill, reasoning(content), List.of(), true));
      case AS_USER -> {
        losses.add(Loss.PREFILL);
        JsonText wish =
            prefill.after("Begin your reply with exactly this text, and go on from there:\n");
        out.add(new UpstreamMessage.User(List.of(new Part.Text(wish))));
      }
      case DROP -> {
        losses.add(Loss.PREFILL);
        prefill = null;
      }
    }
  }

  /** Returns whether the upstream must be asked to continue the last message. */
  boolean continuesFinal() {
    return prefill != null && dialect.prefill() == PrefillForm.CONTINUE_FINAL;
  }

  private static UpstreamMessage.Assistant message(
      JsonText text, Reasoning reasoning, List<UpstreamMessage.Call> calls, boolean prefix) {
    return new UpstreamMessage.Assistant(text, reasoning, calls, prefix);
  }

  private void calls(AssistantContent content, Turn next) {
    Map<String, Deque<Block.ToolResult>> results = results(next);
    if (!dialect.tools()) {
      callsInWords(content, results);
      return;
    }
    List<UpstreamMessage.Call> calls = new ArrayList<>();
    List<UpstreamMessage.Tool> replies = new ArrayList<>();
    List<Part> moved = new ArrayList<>();
    for (Block.ToolUse call : content.calls()) {
      String id = ids.next(call.id());
      calls.add(call(call, id, content.history()));
      ResultContent result = result(call, results);
      replies.add(new UpstreamMessage.Tool(id, result.text()));
      if (!result.moved().isEmpty()) {
        moved.add(new Part.Text("From the result of " + call.name() + ":"));
        moved.addAll(result.moved());
      }
    }
    if (dialect.parallelToolCalls()) {
      out.add(message(content.text(), reasoning(content), calls, false));
      out.addAll(replies);
    } else {
      oneByOne(content, calls, replies);
    }
    if (!moved.isEmpty()) {
      out.add(new UpstreamMessage.User(moved));
    }
  }

  /**
   * Writes one call at a time, for Llama 3's template: "This model only supports single tool-calls
   * at once!"
   */
  private void oneByOne(
      AssistantContent content,
      List<UpstreamMessage.Call> calls,
      List<UpstreamMessage.Tool> replies) {
    for (int i = 0; i < calls.size(); i++) {
      JsonText text = i == 0 ? content.text() : JsonText.EMPTY;
      Reasoning reasoning = i == 0 ? reasoning(content) : null;
      out.add(message(text, reasoning, List.of(calls.get(i)), false));
      out.add(replies.get(i));
    }
  }

  private UpstreamMessage.Call call(Block.ToolUse call, String id, ReasoningHistory history) {
    RawJson input = schemas.renamed(call.name(), ToolInput.valid(call.input(), losses));
    String signature = history.thoughtSignature(call.id(), memory);
    return new UpstreamMessage.Call(id, names.alias(call.name()), input, signature);
  }

  /** Writes calls as text, for a model that has no tools. */
  private void callsInWords(
      AssistantContent content, Map<String, Deque<Block.ToolResult>> results) {
    StringBuilder text = new StringBuilder(content.text().toString());
    List<Part> replies = new ArrayList<>();
    for (Block.ToolUse call : content.calls()) {
      text.append(text.length() == 0 ? "" : "\n\n");
      text.append("[Called ").append(call.name()).append(" with ").append(call.input()).append(']');
      ResultContent result = result(call, results);
      replies.add(new Part.Text(result.text().after("[Result of " + call.name() + "]\n")));
      replies.addAll(result.moved());
    }
    out.add(message(JsonText.of(text.toString()), reasoning(content), List.of(), false));
    out.add(new UpstreamMessage.User(replies));
  }

  private static Map<String, Deque<Block.ToolResult>> results(Turn next) {
    Map<String, Deque<Block.ToolResult>> results = new HashMap<>();
    for (Block block : next == null ? List.<Block>of() : next.blocks()) {
      if (block instanceof Block.ToolResult result) {
        results.computeIfAbsent(result.toolUseId(), id -> new ArrayDeque<>()).add(result);
      }
    }
    return results;
  }

  private ResultContent result(Block.ToolUse call, Map<String, Deque<Block.ToolResult>> results) {
    Deque<Block.ToolResult> found = results.get(call.id());
    if (found == null || found.isEmpty()) {
      losses.add(Loss.TOOL_RESULT_ADDED);
      return new ResultContent(NO_RESULT, List.of());
    }
    Block.ToolResult result = found.poll();
    answered.add(result);
    return ResultContent.of(result, media, losses);
  }
}
