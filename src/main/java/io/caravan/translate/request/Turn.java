package io.caravan.translate.request;

import io.caravan.anthropic.Block;
import io.caravan.anthropic.Message;
import java.util.ArrayList;
import java.util.List;

/**
 * The messages of one side before the other side's turn. The protocol allows any number of
 * neighbouring messages of one role (Claude Code sends attachments as user messages of their own).
 */
record Turn(boolean assistant, List<Entry> messages) {
  /** A message and its place in the request. */
  record Entry(int index, Message message) {}

  /**
   * Returns the turns of a conversation. A user message without content is skipped. An empty
   * assistant message still separates the user's messages before and after it.
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
      last.messages().add(new Entry(i, message));
    }
    return turns;
  }

  /**
   * Returns whether a message has only blank text. Claude Code replays empty text blocks
   * (anthropics/claude-code#62396); servers refuse them.
   */
  static boolean isEmpty(Message message) {
    for (Block block : message.content()) {
      if (!(block instanceof Block.Text text && text.content().isBlank())) {
        return false;
      }
    }
    return true;
  }

  /** Returns the blocks of all its messages. */
  List<Block> blocks() {
    if (messages.size() == 1) {
      return messages.get(0).message().content();
    }
    List<Block> blocks = new ArrayList<>();
    for (Entry entry : messages) {
      blocks.addAll(entry.message().content());
    }
    return blocks;
  }
}
