package io.caravan.load;

/**
 * How large a request is, and of what.
 *
 * @param systemBytes of the system prompt
 * @param tools how many tools it declares
 * @param toolBytes of each, half of them its schema
 * @param turns of a question, a tool call, its result and an answer
 * @param turnBytes of each
 */
record Shape(int systemBytes, int tools, int toolBytes, int turns, int turnBytes) {
  /** One short message. */
  static final Shape SMALL = new Shape(0, 0, 0, 0, 0);

  /**
   * A Claude Code conversation: a fifth of it system prompt, a third the schemas of 25 tools, the
   * rest 20 turns with tool calls and their results.
   *
   * @param bytes about how large it is; 0 for {@link #SMALL}
   */
  static Shape ofBytes(int bytes) {
    return bytes == 0 ? SMALL : new Shape(bytes / 5, 25, bytes / 3 / 25, 20, bytes * 7 / 15 / 20);
  }

  int bytes() {
    return systemBytes + tools * toolBytes + turns * turnBytes;
  }
}
