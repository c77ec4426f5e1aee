package io.caravan.servertools;

import io.caravan.anthropic.Block;
import io.caravan.anthropic.Event;
import io.caravan.anthropic.Message;
import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.ServerToolUsage;
import io.caravan.anthropic.ToolChoice;
import io.caravan.anthropic.Usage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One message in the middle of which the gateway runs tools: a completion, the results of its
 * calls, the next completion, until one calls none of them. It is used by one thread at a time.
 */
public final class ServedMessage {
  /** The protocol's stop reason for a message that goes on when the client sends it back. */
  private static final String PAUSE = "pause_turn";

  private final Map<String, ServerTool> tools = new LinkedHashMap<>();
  private final int maxCompletions;
  private final List<ServedResult> results = new ArrayList<>();
  private ServedRound round;
  private Usage before;
  private int firstIndex;
  private int completions = 1;

  /**
   * @param tools the tools that the gateway runs
   * @param maxCompletions the most completions of one message
   */
  public ServedMessage(List<ServerTool> tools, int maxCompletions) {
    tools.forEach(tool -> this.tools.put(tool.offered().name(), tool));
    this.maxCompletions = maxCompletions;
    beginCompletion();
  }

  /** Begins a completion, or begins it once more: nothing of it has gone out then. */
  public void beginCompletion() {
    round = new ServedRound(tools.keySet(), firstIndex, before);
    results.clear();
  }

  /** Takes in events of the completion; returns those that go out now. */
  public List<Event> accept(List<Event> events) {
    return round.accept(events);
  }

  /** Returns whether the completion has ended in calls that are to be run. */
  public boolean isPending() {
    return round.isPending();
  }

  /** Returns the calls of the completion. */
  public List<ServedCall> calls() {
    return List.copyOf(round.calls());
  }

  /** Returns the tool of a call. */
  public ServerTool tool(ServedCall call) {
    return tools.get(call.name());
  }

  /** Records what the route of a call has left. */
  public void found(ServedCall call, Object body) {
    results.add(ServedResult.of(call, tool(call), body));
  }

  /** Records that a call has failed, or is not to be run. */
  public void failed(ServedCall call, ServerToolException failure) {
    results.add(ServedResult.failed(call, tool(call), failure.getMessage()));
  }

  /** Returns the usage so far, with the uses of the tools. */
  public Usage usage() {
    ServerToolUsage uses = ServerToolUsage.NONE;
    for (ServedResult result : results) {
      uses = result.isError() ? uses : uses.plus(result.tool().use());
    }
    Usage total = round.end().usage();
    return total.with(uses.plus(total.serverTools()));
  }

  /** Returns the usage of a completion with that of those before it. */
  public Usage total(Usage completion) {
    return before == null || completion == null ? completion : before.plus(completion);
  }

  /**
   * Returns the events of the results. If the model is not called again, the end of the message is
   * among them: the client has to run a call of its own, or the message has become too long.
   *
   * @param request the request of the completion
   */
  public List<Event> resultEvents(MessagesRequest request) {
    List<Event> out = new ArrayList<>();
    round.results(results, out);
    String stopReason = stopReason(request);
    if (stopReason != null) {
      out.add(new Event.MessageDelta(stopReason, null, usage()));
      out.add(new Event.MessageStop());
    }
    return out;
  }

  /**
   * Ends the message where its calls can't be run any more; the client may send it back.
   *
   * @param events the last events of the completion
   */
  public List<Event> endWithoutResults(List<Event> events) {
    if (!isPending()) {
      return events;
    }
    List<Event> out = new ArrayList<>(events);
    round.results(List.of(), out);
    out.add(new Event.MessageDelta(PAUSE, null, round.end().usage()));
    out.add(new Event.MessageStop());
    return out;
  }

  private String stopReason(MessagesRequest request) {
    if (round.callsClient()) {
      return "tool_use";
    }
    if (completions >= maxCompletions) {
      return PAUSE;
    }
    return request.maxTokens() != null && left(request) < 1 ? "max_tokens" : null;
  }

  /** Returns whether the model is called again with the results. */
  public boolean goesOn(MessagesRequest request) {
    return stopReason(request) == null;
  }

  private long left(MessagesRequest request) {
    Usage all = round.end().usage();
    return request.maxTokens() - all.outputTokens() + (before == null ? 0 : before.outputTokens());
  }

  /**
   * Goes on to the next completion.
   *
   * @param request the request of the completion before
   * @return the request with the calls and their results; no tool is forced any more, and the
   *     tokens written so far are taken off {@code max_tokens}
   */
  public MessagesRequest next(MessagesRequest request) {
    List<Message> messages = new ArrayList<>(request.messages());
    messages.add(new Message(Message.Role.ASSISTANT, List.copyOf(round.content())));
    messages.add(
        new Message(
            Message.Role.USER, results.stream().map(result -> (Block) result.forModel()).toList()));
    Integer maxTokens = request.maxTokens() == null ? null : (int) left(request);
    before = usage();
    firstIndex = round.nextIndex();
    completions++;
    beginCompletion();
    return request.with(maxTokens, List.copyOf(messages), request.tools(), relaxed(request));
  }

  private static ToolChoice relaxed(MessagesRequest request) {
    ToolChoice choice = request.toolChoice();
    return choice == null || choice.kind() == ToolChoice.Kind.NONE
        ? choice
        : new ToolChoice(ToolChoice.Kind.AUTO, null, choice.parallelDisabled());
  }
}
