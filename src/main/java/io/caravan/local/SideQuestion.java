package io.caravan.local;

import io.caravan.anthropic.Block;
import io.caravan.anthropic.Message;
import io.caravan.anthropic.MessagesRequest;
import java.util.List;

/**
 * The form of Claude Code's requests beside the conversation: a task in the last block of the
 * system prompt, one text of the user, perhaps the beginning of the response; no tools, no
 * thinking.
 *
 * @param task the last block of the system prompt, empty if there is none
 * @param text the user's text
 * @param prefill the beginning of the response, empty if there is none
 */
record SideQuestion(String task, String text, String prefill) {
  /** Returns the question, or null if the request has another form. */
  static SideQuestion of(MessagesRequest request) {
    List<Message> messages = request.messages();
    boolean bare =
        request.tools().isEmpty()
            && !request.thinking().wanted()
            && !messages.isEmpty()
            && messages.size() <= 2
            && messages.get(0).role() == Message.Role.USER;
    if (!bare) {
      return null;
    }
    String text = onlyText(messages.get(0));
    String prefill = "";
    if (messages.size() == 2) {
      prefill = messages.get(1).role() == Message.Role.ASSISTANT ? onlyText(messages.get(1)) : null;
    }
    return text == null || prefill == null
        ? null
        : new SideQuestion(task(request.system()), text, prefill);
  }

  private static String onlyText(Message message) {
    List<Block> content = message.content();
    return content.size() == 1 && content.get(0) instanceof Block.Text text ? text.text() : null;
  }

  private static String task(List<Block> system) {
    boolean text = !system.isEmpty() && system.get(system.size() - 1) instanceof Block.Text;
    return text ? ((Block.Text) system.get(system.size() - 1)).text() : "";
  }
}
