package io.caravan.translate.request;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.UnsupportedOption;

/**
 * Requests for a conversation that Anthropic's servers keep (beta message-threads-2026-08-12): what
 * comes after the first is only what is new, so that a model which is shown nothing else answers
 * out of nowhere. The tool runners of the SDKs ask for one by themselves (seen with Python 2.14.0
 * and TypeScript 1.12.0), and send all messages once they are told in these words that there is
 * none.
 */
final class ServerSideConversations {
  private ServerSideConversations() {}

  /**
   * Refuses a request that is a part of one.
   *
   * @throws AnthropicException with the code that SDKs know
   */
  static void refuse(MessagesRequest request) {
    if (request.extras().contains(UnsupportedOption.THREAD)) {
      throw AnthropicException.invalid(
          "thread: conversations are not kept here; send all messages, without thread",
          "thread_unsupported_request");
    }
  }

  /**
   * Refuses a request that is to be answered with a summary alone: no other server does that, and
   * an answer that goes on with the conversation would be taken for one.
   */
  static void refuseCompaction(MessagesRequest request) {
    if (request.extras().contains(UnsupportedOption.COMPACTION)) {
      throw AnthropicException.invalid(
          "compaction: this model's server does not summarize conversations by itself");
    }
  }
}
