package io.caravan.load;

import java.net.URI;

/**
 * A server under load.
 *
 * @param url without a path
 * @param model what to ask for
 * @param pid whose processor time and memory count, with its children's; 0 where there is none
 */
record Target(String name, URI url, Dialect dialect, String model, String key, long pid) {
  /** The protocol that the server speaks to its clients. */
  enum Dialect {
    OPENAI("/v1/chat/completions", "[DONE]"),
    ANTHROPIC("/v1/messages", "message_stop");

    private final String path;
    private final String lastWord;

    Dialect(String path, String lastWord) {
      this.path = path;
      this.lastWord = lastWord;
    }

    String path() {
      return path;
    }

    /** What a complete stream has in its last event. */
    String lastWord() {
      return lastWord;
    }
  }
}
