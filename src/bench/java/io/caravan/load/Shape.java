package io.caravan.load;

/**
 * The size and the parts of a request.
 *
 * @param systemBytes the bytes of the system prompt
 * @param tools the number of tools
 * @param toolBytes the bytes of each tool, half of them its schema
 * @param turns the number of turns: a question, a tool call, its result and an answer
 * @param turnBytes the bytes of each turn
 */
record Shape(int systemBytes, int tools, int toolBytes, int turns, int turnBytes) {
  /** One short message. */
  static final Shape SMALL = new Shape(0, 0, 0, 0, 0);

  /**
   * Returns the shape of a Claude Code conversation: a fifth of it is system prompt, a third the
   * schemas of 25 tools, the rest 20 turns with tool calls and their results.
   *
   * @param bytes the approximate size; 0 for {@link #SMALL}
   */
  static Shape ofBytes(int bytes) {
    return bytes == 0 ? SMALL : new Shape(bytes / 5, 25, bytes / 3 / 25, 20, bytes * 7 / 15 / 20);
  }

  int bytes() {
    return systemBytes + tools * toolBytes + turns * turnBytes;
  }
}
