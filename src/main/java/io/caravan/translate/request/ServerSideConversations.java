package io.caravan.translate.request;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.UnsupportedOption;

/**
 * Requests for a conversation that Anthropic's servers keep (beta message-threads-2026-08-12).
 * After the first request they contain only what is new, and a model that sees nothing else can't
 * answer. The tool runners of the SDKs use such conversations by themselves (seen with Python
 * 2.14.0 and TypeScript 1.12.0), and send all messages after an error in these words.
 */
final class ServerSideConversations {
  private ServerSideConversations() {}

  /**
   * Refuses a request that is part of one.
   *
   * @throws AnthropicException with the code that SDKs know
   */
  static void refuse(MessagesRequest request) {
    if (request.unsupported().contains(UnsupportedOption.THREAD)) {
      throw AnthropicException.invalid(
          "thread: conversations are not kept here; send all messages, without thread",
          "thread_unsupported_request");
    }
  }

  /**
   * Refuses a request whose response must be a summary alone. No other server does that, and a
   * response that continues the conversation would be taken for one.
   */
  static void refuseCompaction(MessagesRequest request) {
    if (request.unsupported().contains(UnsupportedOption.COMPACTION)) {
      throw AnthropicException.invalid(
          "compaction: this model's server does not summarize conversations by itself");
    }
  }
}
