package io.caravan.translate;

/** Where the messages are in a request's body. */
public final class MessageSpans {
  private final int start;
  private final int[] ends;

  /**
   * @param start of the first message
   * @param ends behind each message
   */
  MessageSpans(int start, int[] ends) {
    this.start = start;
    this.ends = ends;
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
}
