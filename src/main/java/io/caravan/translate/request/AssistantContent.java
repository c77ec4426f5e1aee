package io.caravan.translate.request;

import io.caravan.anthropic.Block;
import io.caravan.json.JsonText;
import io.caravan.provider.Dialect;
import java.util.ArrayList;
import java.util.List;

/**
 * The content of the model's messages in one turn.
 *
 * @param history the turn's reasoning
 */
record AssistantContent(JsonText text, ReasoningHistory history, List<Block.ToolUse> calls) {

  static AssistantContent of(Turn turn, Dialect dialect, Losses losses) {
    Joiner text = new Joiner();
    ReasoningHistory history = new ReasoningHistory(dialect, losses);
    List<Block.ToolUse> calls = new ArrayList<>();
    for (Turn.Entry entry : turn.messages()) {
      for (Block block : entry.message().content()) {
        history.add(block);
        if (block instanceof Block.Text piece) {
          text.add(piece.content());
        } else {
          text.breakHere();
          other(block, text, calls, losses);
        }
      }
      text.breakHere();
    }
    return new AssistantContent(text.joined(), history, calls);
  }

  private static void other(Block block, Joiner text, List<Block.ToolUse> calls, Losses losses) {
    if (block instanceof Block.ToolUse call) {
      calls.add(call);
      return;
    }
    if (block instanceof Block.Thinking
        || block instanceof Block.RedactedThinking
        || block instanceof Block.ToolChange) {
      return;
    }
    String words = block instanceof Block.Other other ? ServerToolWords.of(other) : null;
    if (words == null) {
      losses.add(Loss.BLOCK);
    } else {
      text.add(JsonText.of(words));
      text.breakHere();
    }
  }

  /**
   * Joins text. Neighbouring blocks are pieces of one text (citations divide it); texts on both
   * sides of another block become paragraphs.
   */
  static final class Joiner {
    private static final JsonText PARAGRAPH = JsonText.of("\n\n");

    private final List<JsonText> pieces = new ArrayList<>();
    private boolean broken;

    void add(JsonText text) {
      if (text.isEmpty()) {
        return;
      }
      if (broken && !pieces.isEmpty()) {
        pieces.add(PARAGRAPH);
      }
      broken = false;
      pieces.add(text);
    }

    void breakHere() {
      broken = true;
    }

    JsonText joined() {
      return JsonText.join("", pieces);
    }
  }
}
