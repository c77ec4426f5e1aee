package io.caravan.translate.response;

import io.caravan.openai.MalformedStreamException;
import io.caravan.openai.ToolCallDelta;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Joins the pieces of tool calls, with whichever of index, id and name an upstream sends. It uses
 * the index if that distinguishes calls, then the id. Without both, a name after arguments begins
 * another call.
 */
final class ToolCallAssembler {
  /**
   * The most calls, which no completion reaches. An upstream in a loop must not fill the memory.
   */
  private static final int MAX_CALLS = 512;

  private final Predicate<String> declared;
  private final Consumer<GrowingCall> begun;
  private final AnswerLosses losses;
  private final boolean repairs;
  private final List<GrowingCall> calls = new ArrayList<>();

  /** Calls that began where another call's arguments should have ended. */
  private final List<RunOn> runOns = new ArrayList<>();

  /** Arguments that continue behind whole ones. */
  private record RunOn(GrowingCall first, GrowingCall next) {}

  /**
   * @param declared whether the upstream knows a tool of that name
   * @param begun receives each new call, in the order of their beginnings
   * @param repairs whether arguments that aren't JSON are repaired
   */
  ToolCallAssembler(
      Predicate<String> declared,
      Consumer<GrowingCall> begun,
      AnswerLosses losses,
      boolean repairs) {
    this.repairs = repairs;
    this.declared = declared;
    this.begun = begun;
    this.losses = losses;
  }

  /** Takes in a piece, and returns the number of characters of arguments that it added. */
  int accept(ToolCallDelta delta) {
    GrowingCall call = slot(delta);
    if (call == null) {
      losses.add(AnswerLoss.TOOL_CALL_EMPTY);
      return 0;
    }
    if (call.id == null) {
      call.id = delta.id();
    }
    if (call.thoughtSignature == null) {
      call.thoughtSignature = delta.thoughtSignature();
    }
    mergeName(call, delta.name());
    if (!delta.arguments().isEmpty()) {
      append(call, delta.arguments());
    }
    return delta.arguments().length();
  }

  /** Ends all calls. */
  void end() {
    List.copyOf(runOns).forEach(this::settle);
    calls.forEach(GrowingCall::end);
  }

  /**
   * Returns the call that a piece belongs to: a known one or a new one; null for an empty piece.
   */
  private GrowingCall slot(ToolCallDelta delta) {
    GrowingCall known = known(delta);
    if (known != null && !beginsAnother(known, delta)) {
      return known;
    }
    if (delta.id() == null && delta.name() == null && delta.arguments().isBlank()) {
      return null;
    }
    GrowingCall call = new GrowingCall(delta.index(), delta.id(), null, repairs);
    begin(call);
    return call;
  }

  private void begin(GrowingCall call) {
    if (calls.size() >= MAX_CALLS) {
      throw new MalformedStreamException(
          "the upstream began more than " + MAX_CALLS + " tool calls in one completion");
    }
    calls.add(call);
    begun.accept(call);
  }

  private GrowingCall known(ToolCallDelta delta) {
    GrowingCall byIndex = delta.index() == null ? null : last(delta.index());
    GrowingCall byId = delta.id() == null ? null : last(delta.id());
    if (byIndex != null) {
      // One number for all calls, and their pieces mixed: the id decides.
      boolean otherId = byId != null && !delta.id().equals(byIndex.id);
      return otherId && delta.index().equals(byId.index) ? byId : byIndex;
    }
    if (calls.isEmpty()) {
      return null;
    }
    GrowingCall last = calls.get(calls.size() - 1);
    if (delta.index() != null) {
      // A new number. With a known id and no new name it continues that call. Without id and name
      // it continues one that began without a number.
      boolean further = byId != null && delta.name() == null;
      boolean numberedLate =
          delta.id() == null && delta.name() == null && last.index == null && !last.isComplete();
      return further ? byId : numberedLate ? last : null;
    }
    return byId != null ? byId : last;
  }

  private GrowingCall last(Integer index) {
    for (int i = calls.size() - 1; i >= 0; i--) {
      if (index.equals(calls.get(i).index)) {
        return calls.get(i);
      }
    }
    return null;
  }

  private GrowingCall last(String id) {
    for (int i = calls.size() - 1; i >= 0; i--) {
      if (id.equals(calls.get(i).id)) {
        return calls.get(i);
      }
    }
    return null;
  }

  /**
   * Returns whether a piece that points at a known call begins another one.
   *
   * <p>An index means little: vLLM has numbered every parallel call 0 (InternLM/lmdeploy#3412),
   * Gemini numbers none (springfall2008/batpred#4904). So does an id: vLLM has given each piece of
   * one call an id of its own (vllm-project/vllm#23522). A name means more, but MiniMax on NIM
   * sends it with each piece (NousResearch/hermes-agent#8259).
   */
  private boolean beginsAnother(GrowingCall call, ToolCallDelta delta) {
    boolean numbered = delta.index() != null;
    boolean otherId = delta.id() != null && call.id != null && !delta.id().equals(call.id);
    if (delta.name() == null) {
      return otherId && !numbered && call.isComplete();
    }
    if (call.name == null) {
      return otherId && call.isComplete();
    }
    boolean sameName = isSame(call.name, delta.name());
    if (otherId) {
      return !sameName || call.isComplete() || (!numbered && !call.hasArguments());
    }
    if (sameName) {
      boolean sameId = delta.id() != null && call.id != null;
      return call.isComplete() && !sameId && delta.arguments().stripLeading().startsWith("{");
    }
    if (call.hasArguments()) {
      return call.isComplete() || !numbered;
    }
    return declared.test(call.name) && (!numbered || declared.test(delta.name()));
  }

  /** Returns whether two names are equal, or one is the beginning of the other. */
  private static boolean isSame(String a, String b) {
    return a.startsWith(b) || b.startsWith(a);
  }

  /** Merges a name. A repeated name isn't appended to the first; a piece of one is. */
  private void mergeName(GrowingCall call, String name) {
    if (name == null) {
      return;
    }
    if (call.name == null) {
      call.name = name;
    } else if (!call.hasArguments()) {
      if (name.startsWith(call.name)) {
        call.name = name;
      } else if (!call.name.startsWith(name) && !declared.test(call.name)) {
        call.name += name;
      }
    }
  }

  /**
   * Adds arguments. Text behind whole arguments is another call of the same tool
   * (huggingface/smolagents#1958), unless it is a repetition: some upstreams send all arguments
   * once more at the end (lidge-jun/opencodex#361). A surplus brace or bracket is ignored.
   */
  private void append(GrowingCall call, String piece) {
    int at = 0;
    while (true) {
      RunOn runOn = runOn(call);
      at = (runOn == null ? call : runOn.next).append(piece, at);
      if (runOn != null && runOn.next.isComplete()) {
        settle(runOn);
      }
      while (at < piece.length() && " \t\r\n,;]}".indexOf(piece.charAt(at)) >= 0) {
        at++;
      }
      if (at == piece.length()) {
        return;
      }
      if (piece.charAt(at) != '{') {
        losses.add(AnswerLoss.TOOL_ARGUMENTS_TAIL);
        return;
      }
      runOns.add(new RunOn(call, new GrowingCall(call.index, null, call.name, repairs)));
    }
  }

  private void settle(RunOn runOn) {
    runOns.remove(runOn);
    if (runOn.next.isBroken()) {
      losses.add(AnswerLoss.TOOL_ARGUMENTS_TAIL);
    } else if (repeats(runOn)) {
      losses.add(AnswerLoss.TOOL_CALL_REPEATED);
    } else {
      begin(runOn.next);
    }
  }

  private RunOn runOn(GrowingCall call) {
    for (RunOn runOn : runOns) {
      if (runOn.first == call) {
        return runOn;
      }
    }
    return null;
  }

  /** Returns whether the second arguments repeat the first, as far as they have come. */
  private static boolean repeats(RunOn runOn) {
    CharSequence first = runOn.first.arguments();
    CharSequence next = runOn.next.arguments();
    if (runOn.next.isComplete()) {
      return runOn.next.hasArgumentsOf(runOn.first);
    }
    return first.toString().startsWith(next.toString());
  }
}
