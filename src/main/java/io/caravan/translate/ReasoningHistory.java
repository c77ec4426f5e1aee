package io.caravan.translate;

import io.caravan.anthropic.Block;
import io.caravan.openai.ReasoningReplay;
import java.util.List;

/** Finds the reasoning of an earlier turn that an upstream takes back. */
final class ReasoningHistory {
  private ReasoningHistory() {}

  /**
   * The reasoning of a turn: what its thinking blocks say, else what their signatures carry, else
   * what is remembered of its tool calls. Signatures of other servers are of no use here
   * (can1357/oh-my-pi#6379).
   */
  static Reasoning of(
      Turn turn,
      List<Block.ToolUse> calls,
      ReasoningReplay replay,
      ReasoningMemory memory,
      Losses losses) {
    AssistantContent.Joiner text = new AssistantContent.Joiner();
    Reasoning carried = null;
    for (Block block : turn.blocks()) {
      if (block instanceof Block.Thinking thinking) {
        Reasoning signed = replay == ReasoningReplay.NONE ? null : signed(thinking, memory);
        carried = signed != null && signed.details() != null ? signed : carried;
        String said =
            thinking.thinking().isEmpty() && signed != null ? signed.text() : thinking.thinking();
        text.add(said);
        if (replay == ReasoningReplay.NONE && !said.isEmpty()) {
          losses.add(Loss.THINKING);
        }
      } else if (block instanceof Block.RedactedThinking) {
        losses.add(Loss.REDACTED_THINKING);
      } else {
        text.breakHere();
      }
    }
    if (replay == ReasoningReplay.NONE) {
      return null;
    }
    Reasoning found = new Reasoning(text.toString(), carried == null ? null : carried.details());
    return found.isEmpty() ? remembered(calls, memory) : found;
  }

  private static Reasoning signed(Block.Thinking thinking, ReasoningMemory memory) {
    String signature = thinking.signature();
    return signature == null || signature.isEmpty() ? null : memory.ofSignature(signature);
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
}
