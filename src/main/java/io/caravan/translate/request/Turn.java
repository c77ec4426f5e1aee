package io.caravan.translate.request;

import io.caravan.anthropic.Block;
import io.caravan.anthropic.Message;
import java.util.ArrayList;
import java.util.List;

/**
 * What one side says before the other speaks: neighbouring messages of one role, of which the
 * protocol allows any number (Claude Code sends attachments as user messages of their own).
 */
record Turn(boolean assistant, List<Said> messages) {
  /** A message and its place in the request. */
  record Said(int index, Message message) {}

  /**
   * The turns of a conversation. A user message that says nothing is none; an answer that says
   * nothing still stands between what the user said before and after.
   */
  static List<Turn> of(List<Message> messages) {
    List<Turn> turns = new ArrayList<>();
    for (int i = 0; i < messages.size(); i++) {
      Message message = messages.get(i);
      boolean assistant = message.role() == Message.Role.ASSISTANT;
      if (!assistant && isEmpty(message)) {
        continue;
      }
      Turn last = turns.isEmpty() ? null : turns.get(turns.size() - 1);
      if (last == null || last.assistant() != assistant) {
        last = new Turn(assistant, new ArrayList<>());
        turns.add(last);
      }
      last.messages().add(new Said(i, message));
    }
    return turns;
  }

  /** Claude Code replays empty text blocks (anthropics/claude-code#62396); servers refuse them. */
  static boolean isEmpty(Message message) {
    for (Block block : message.content()) {
      if (!(block instanceof Block.Text text && text.content().isBlank())) {
        return false;
      }
    }
    return true;
  }

  /** The blocks of all its messages. */
  List<Block> blocks() {
    if (messages.size() == 1) {
      return messages.get(0).message().content();
    }
    List<Block> blocks = new ArrayList<>();
    for (Said said : messages) {
      blocks.addAll(said.message().content());
    }
    return blocks;
  }
}
