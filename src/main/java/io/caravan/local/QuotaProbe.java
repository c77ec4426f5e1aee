package io.caravan.local;

import io.caravan.anthropic.Block;
import io.caravan.anthropic.Message;
import io.caravan.anthropic.MessagesRequest;
import java.util.List;

/**
 * Answers the request for one token with the word "quota". The client reads only the headers of the
 * response.
 */
final class QuotaProbe {
  private static final List<Message> ASKED =
      List.of(new Message(Message.Role.USER, List.of(new Block.Text("quota"))));

  private QuotaProbe() {}

  static LocalAnswer answer(MessagesRequest request) {
    boolean probe =
        Integer.valueOf(1).equals(request.maxTokens())
            && !request.stream()
            && request.system().isEmpty()
            && request.tools().isEmpty()
            && request.messages().equals(ASKED);
    return probe ? new LocalAnswer(LocalKind.QUOTA, "OK", "max_tokens") : null;
  }
}
