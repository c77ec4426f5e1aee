package io.caravan.local;

import io.caravan.anthropic.Block;
import io.caravan.anthropic.Message;
import io.caravan.anthropic.MessagesRequest;
import java.util.List;

/**
 * Answers the calls with the one word "Warmup" by which Claude Code 2.0 fills the prompt cache for
 * its sub-agents at its start. It uses nothing of the response. The word stands alone or behind the
 * reminders that Claude Code adds itself.
 */
final class WarmUpCall {
  private static final String WORD = "Warmup";
  private static final String REMINDER = "<system-reminder>";
  private static final String REMINDER_END = "</system-reminder>";

  private WarmUpCall() {}

  static LocalAnswer answer(MessagesRequest request) {
    List<Message> messages = request.messages();
    boolean asked =
        messages.size() == 1
            && messages.get(0).role() == Message.Role.USER
            && !(request.system().isEmpty() && request.tools().isEmpty())
            && request.outputSchema() == null
            && isWarmUp(messages.get(0).content());
    return asked ? LocalAnswer.of(LocalKind.WARM_UP, "OK") : null;
  }

  private static boolean isWarmUp(List<Block> content) {
    int last = content.size() - 1;
    for (int i = 0; i < last; i++) {
      boolean reminder =
          content.get(i) instanceof Block.Text text
              && text.text().strip().startsWith(REMINDER)
              && text.text().strip().endsWith(REMINDER_END);
      if (!reminder) {
        return false;
      }
    }
    return last >= 0 && content.get(last) instanceof Block.Text text && text.text().equals(WORD);
  }
}
