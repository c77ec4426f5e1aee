package io.caravan.translate.request;

import io.caravan.json.RawJson;

/** The places of the messages and the tools in a request's body. */
final class BodySpans {
  private final int start;
  private final int[] ends;
  private final int toolsEnd;

  /**
   * @param start the index of the first message
   * @param ends the indexes behind the messages
   * @param toolsEnd the index behind the tools, which follow the messages
   */
  BodySpans(int start, int[] ends, int toolsEnd) {
    this.start = start;
    this.ends = ends;
    this.toolsEnd = toolsEnd;
  }

  /** Returns the index at which the first message begins. */
  int start() {
    return start;
  }

  /** Returns the index at which a message ends. */
  int end(int message) {
    return ends[message];
  }

  /** Returns the number of messages. */
  int count() {
    return ends.length;
  }

  /** Returns the length in bytes of all messages and the commas between them. */
  int length() {
    return ends.length == 0 ? 0 : ends[ends.length - 1] - start;
  }

  /** Returns the messages without the brackets around them. */
  RawJson messages(RawJson body) {
    return new RawJson(body.buffer(), body.offset() + start, length());
  }

  /**
   * Returns the tools and the fields about their use. Without tools it is only the end of the
   * messages.
   */
  RawJson tools(RawJson body) {
    int from = start + length();
    return new RawJson(body.buffer(), body.offset() + from, toolsEnd - from);
  }
}
