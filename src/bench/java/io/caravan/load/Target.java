package io.caravan.load;

import java.net.URI;

/**
 * A server under load.
 *
 * @param url the URL without a path
 * @param model the model to request
 * @param pid the process whose time and memory count, with its children's; 0 if there is none
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

    /** Returns a text that the last event of a complete stream has. */
    String lastWord() {
      return lastWord;
    }
  }
}
