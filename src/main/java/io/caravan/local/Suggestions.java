package io.caravan.local;

import io.caravan.anthropic.Block;
import io.caravan.anthropic.Message;
import io.caravan.anthropic.MessagesRequest;
import java.util.List;

/**
 * Answers the request for the user's next input: a whole conversation sent once more for a few grey
 * words. Claude Code shows nothing for the response given here.
 */
final class Suggestions {
  private static final String BEGINS = "[SUGGESTION MODE: ";
  private static final String ENDS = "Reply with ONLY the suggestion, no quotes or explanation.";

  /** Claude Code drops a text in brackets. It would repeat the request after an empty response. */
  private static final String NONE = "[no suggestion]";

  private Suggestions() {}

  static LocalAnswer answer(MessagesRequest request) {
    List<Message> messages = request.messages();
    if (messages.size() < 2) {
      return null;
    }
    Message last = messages.get(messages.size() - 1);
    List<Block> content = last.content();
    boolean asked =
        last.role() == Message.Role.USER
            && !content.isEmpty()
            && content.get(content.size() - 1) instanceof Block.Text text
            && text.text().startsWith(BEGINS)
            && text.text().strip().endsWith(ENDS);
    return asked ? LocalAnswer.of(LocalKind.SUGGESTION, NONE) : null;
  }
}
