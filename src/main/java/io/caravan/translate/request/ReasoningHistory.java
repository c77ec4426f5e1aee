package io.caravan.translate.request;

import io.caravan.anthropic.Block;
import io.caravan.json.JsonText;
import io.caravan.json.RawJson;
import io.caravan.provider.Dialect;
import io.caravan.provider.ReasoningReplay;
import io.caravan.translate.reasoning.Reasoning;
import io.caravan.translate.reasoning.ReasoningMemory;
import io.caravan.translate.reasoning.ReasoningSignature;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The reasoning of an earlier turn for an upstream that expects it back: the text of its thinking
 * blocks, else the content of their signatures, else the remembered reasoning of its tool calls.
 * Signatures of other servers are of no use here (can1357/oh-my-pi#6379).
 */
final class ReasoningHistory {
  private final ReasoningReplay replay;
  private final boolean thoughtSignatures;
  private final Losses losses;
  private final AssistantContent.Joiner text = new AssistantContent.Joiner();
  private final StringBuilder details = new StringBuilder();
  private final Map<String, String> thoughts = new HashMap<>();

  ReasoningHistory(Dialect dialect, Losses losses) {
    this.replay = dialect.reasoningReplay();
    this.thoughtSignatures = dialect.thoughtSignatures();
    this.losses = losses;
  }

  /** Adds a block of the turn. */
  void add(Block block) {
    if (block instanceof Block.Thinking thinking) {
      thinking(thinking);
    } else if (block instanceof Block.RedactedThinking) {
      losses.add(Loss.REDACTED_THINKING);
    } else {
      text.breakHere();
    }
  }

  private void thinking(Block.Thinking block) {
    boolean wanted = replay != ReasoningReplay.NONE || thoughtSignatures;
    ReasoningSignature carried = wanted ? ReasoningSignature.read(block.signature()) : null;
    if (carried != null) {
      thoughts.putAll(carried.thoughtSignatures());
      addDetails(carried.details());
    }
    boolean hidden = block.thinking().isEmpty() && carried != null;
    JsonText said = hidden ? JsonText.of(carried.text()) : block.thinking();
    text.add(said);
    if (replay == ReasoningReplay.NONE && !said.isEmpty()) {
      losses.add(Loss.THINKING);
    }
  }

  /** Adds details. Those of one completion are spread over the signatures of its blocks. */
  private void addDetails(RawJson array) {
    if (array != null) {
      String json = array.toString();
      String items = json.substring(json.indexOf('[') + 1, json.lastIndexOf(']'));
      if (!items.isBlank()) {
        details.append(details.length() == 0 ? "" : ",").append(items);
      }
    }
  }

  /** Returns the turn's reasoning, or null. */
  Reasoning reasoning(List<Block.ToolUse> calls, ReasoningMemory memory) {
    if (replay == ReasoningReplay.NONE) {
      return null;
    }
    RawJson array = details.length() == 0 ? null : RawJson.of("[" + details + "]");
    Reasoning found = new Reasoning(text.joined().toString(), array);
    return found.isEmpty() ? remembered(calls, memory) : found;
  }

  private static Reasoning remembered(List<Block.ToolUse> calls, ReasoningMemory memory) {
    for (Block.ToolUse call : calls) {
      Reasoning reasoning = memory.ofToolCall(call.id());
      if (reasoning != null && !reasoning.isEmpty()) {
        return reasoning;
      }
    }
    return null;
  }

  /** Returns Gemini's signature of a call of the turn, or null. */
  String thoughtSignature(String toolUseId, ReasoningMemory memory) {
    if (!thoughtSignatures) {
      return null;
    }
    String carried = thoughts.get(toolUseId);
    return carried == null ? memory.thoughtSignature(toolUseId) : carried;
  }
}
