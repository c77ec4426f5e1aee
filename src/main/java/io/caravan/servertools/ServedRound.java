package io.caravan.servertools;

import io.caravan.anthropic.Block;
import io.caravan.anthropic.Event;
import io.caravan.anthropic.Usage;
import io.caravan.json.RawJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The events of one completion, as the client gets them: calls of the gateway's own tools become
 * {@code server_tool_use}, whatever follows the first of them waits for the results, and the end of
 * the message is kept back if there are any. Indexes go on from the completion before.
 */
final class ServedRound {
  private final Set<String> served;
  private final boolean first;
  private final Usage before;
  private final List<ServedCall> calls = new ArrayList<>();
  private final List<Event> held = new ArrayList<>();

  /** The blocks that have gone out, for the next call of the model. */
  private final List<Block> content = new ArrayList<>();

  private final StringBuilder text = new StringBuilder();
  private final StringBuilder input = new StringBuilder();
  private Event open;
  private boolean holding;
  private boolean callsClient;
  private String signature = "";
  private Event.MessageDelta end;
  private int nextIndex;

  /**
   * @param served the names of the tools that the gateway runs
   * @param firstIndex the index of the first block
   * @param before the usage of the completions before; null for the first one
   */
  ServedRound(Set<String> served, int firstIndex, Usage before) {
    this.served = served;
    this.before = before;
    this.nextIndex = firstIndex;
    this.first = before == null;
  }

  /** Takes in events of the translation; returns those that go out now. */
  List<Event> accept(List<Event> events) {
    List<Event> out = new ArrayList<>(events.size());
    for (Event event : events) {
      accept(event, out);
    }
    return out;
  }

  private void accept(Event event, List<Event> out) {
    if (event instanceof Event.MessageStart) {
      if (first) {
        out.add(event);
      }
    } else if (event instanceof Event.MessageDelta delta) {
      end =
          new Event.MessageDelta(
              delta.stopReason(), delta.stopSequence(), total(delta.usage()), null);
    } else if (event instanceof Event.MessageStop || event instanceof Event.Failure) {
      end(event, out);
    } else if (event instanceof Event.BlockStop) {
      stop(event, out);
    } else if (isDelta(event)) {
      delta(event, out);
    } else {
      start(event, out);
    }
  }

  private Usage total(Usage usage) {
    return before == null ? usage : before.plus(usage);
  }

  /** Ends the completion. The end of a message that goes on is kept back. */
  private void end(Event event, List<Event> out) {
    if (event instanceof Event.Failure) {
      calls.clear();
      out.add(event);
    } else if (!isPending()) {
      calls.clear();
      release(out);
      out.add(end);
      out.add(event);
    }
  }

  /**
   * Returns whether calls wait to be run. A completion that was cut off ends the message: its last
   * call may be incomplete.
   */
  boolean isPending() {
    return !calls.isEmpty() && end != null && "tool_use".equals(end.stopReason());
  }

  private void start(Event event, List<Event> out) {
    open = event;
    text.setLength(0);
    signature = "";
    input.setLength(0);
    if (event instanceof Event.ToolUseStart start && served.contains(start.name())) {
      holding = false;
      calls.add(new ServedCall(start.id(), start.name(), null));
      String id = ServedCall.clientId(start.id());
      out.add(new Event.ServerToolUseStart(nextIndex, id, start.name()));
      return;
    }
    callsClient |= event instanceof Event.ToolUseStart;
    holding = !calls.isEmpty();
    if (holding) {
      held.add(event);
    } else {
      out.add(at(nextIndex, event));
    }
  }

  private void delta(Event event, List<Event> out) {
    if (holding) {
      held.add(event);
      return;
    }
    if (event instanceof Event.TextDelta delta) {
      text.append(delta.text());
    } else if (event instanceof Event.ThinkingDelta delta) {
      text.append(delta.thinking());
    } else if (event instanceof Event.SignatureDelta delta) {
      signature = delta.signature();
    } else if (event instanceof Event.InputJsonDelta delta) {
      input.append(delta.partialJson());
    }
    out.add(at(nextIndex, event));
  }

  private void stop(Event event, List<Event> out) {
    if (holding) {
      held.add(event);
      return;
    }
    out.add(at(nextIndex++, event));
    if (open instanceof Event.TextStart) {
      content.add(new Block.Text(text.toString()));
    } else if (open instanceof Event.ThinkingStart) {
      content.add(new Block.Thinking(text.toString(), signature));
    } else if (open instanceof Event.ToolUseStart call) {
      content.add(new Block.ToolUse(call.id(), call.name(), RawJson.of(input.toString())));
      if (served.contains(call.name())) {
        RawJson written = RawJson.of(input.toString());
        calls.set(calls.size() - 1, new ServedCall(call.id(), call.name(), written));
      }
    }
  }

  /** Adds what has waited behind the calls. */
  private void release(List<Event> out) {
    for (Event event : held) {
      out.add(at(nextIndex, event));
      nextIndex += event instanceof Event.BlockStop ? 1 : 0;
    }
    held.clear();
  }

  /** Adds the results of the calls, and then whatever has waited for them. */
  void results(List<ServedResult> results, List<Event> out) {
    for (ServedResult result : results) {
      out.add(new Event.OtherStart(nextIndex, result.block()));
      out.add(new Event.BlockStop(nextIndex++));
    }
    release(out);
  }

  List<ServedCall> calls() {
    return calls;
  }

  /** Returns whether a tool of the client's was called as well. */
  boolean callsClient() {
    return callsClient;
  }

  /**
   * Returns the end of the completion, with the usage of all so far, once it has ended well; else
   * null.
   */
  Event.MessageDelta end() {
    return end;
  }

  /** Returns the blocks of the completion that went out before the results. */
  List<Block> content() {
    return content;
  }

  int nextIndex() {
    return nextIndex;
  }

  private static boolean isDelta(Event event) {
    return event instanceof Event.TextDelta
        || event instanceof Event.ThinkingDelta
        || event instanceof Event.SignatureDelta
        || event instanceof Event.InputJsonDelta;
  }

  /** Returns an event of a block with another index. */
  private static Event at(int index, Event event) {
    if (event instanceof Event.TextDelta delta) {
      return new Event.TextDelta(index, delta.text());
    } else if (event instanceof Event.ThinkingDelta delta) {
      return new Event.ThinkingDelta(index, delta.thinking());
    } else if (event instanceof Event.InputJsonDelta delta) {
      return new Event.InputJsonDelta(index, delta.partialJson());
    } else if (event instanceof Event.SignatureDelta delta) {
      return new Event.SignatureDelta(index, delta.signature());
    } else if (event instanceof Event.BlockStop) {
      return new Event.BlockStop(index);
    } else if (event instanceof Event.TextStart) {
      return new Event.TextStart(index);
    } else if (event instanceof Event.ThinkingStart) {
      return new Event.ThinkingStart(index);
    } else if (event instanceof Event.ToolUseStart start) {
      return new Event.ToolUseStart(index, start.id(), start.name());
    } else if (event instanceof Event.OtherStart start) {
      return new Event.OtherStart(index, start.json());
    }
    return event;
  }
}
