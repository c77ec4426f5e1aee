package io.caravan.translate.request;

import io.caravan.json.RawJson;

/** Where in a request's body the messages and the tools are. */
public final class BodySpans {
  private final int start;
  private final int[] ends;
  private final int toolsEnd;

  /**
   * @param start of the first message
   * @param ends behind each message
   * @param toolsEnd behind the tools, which follow the messages
   */
  BodySpans(int start, int[] ends, int toolsEnd) {
    this.start = start;
    this.ends = ends;
    this.toolsEnd = toolsEnd;
  }

  /** Where the first message begins. */
  public int start() {
    return start;
  }

  /** Where a message ends. */
  public int end(int message) {
    return ends[message];
  }

  /** How many messages there are. */
  public int count() {
    return ends.length;
  }

  /** Bytes of all messages with the commas between them. */
  public int length() {
    return ends.length == 0 ? 0 : ends[ends.length - 1] - start;
  }

  /** The messages, without the brackets around them. */
  public RawJson messages(RawJson body) {
    return new RawJson(body.buffer(), body.offset() + start, length());
  }

  /** The tools and what says how to use them; empty but for the end of the messages for none. */
  RawJson tools(RawJson body) {
    int from = start + length();
    return new RawJson(body.buffer(), body.offset() + from, toolsEnd - from);
  }
}
