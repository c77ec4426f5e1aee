package io.caravan.http;

import java.util.List;

/**
 * Sees the response of an upstream as the call that it belongs to reads it. Its methods are called
 * on the thread that reads, and must neither block nor throw.
 */
public interface CallListener {
  /** The head of a response has come. It is called again if the response is polled for. */
  void opened(UpstreamCall call);

  /**
   * Bytes of the body have been read, decompressed if they came compressed.
   *
   * @param buffer a buffer that is used again after this call
   */
  void read(byte[] buffer, int offset, int count);

  /**
   * The call has ended: with its response, or without one.
   *
   * @param complete whether the response was read to its end
   */
  void closed(UpstreamCall call, boolean complete);

  /** Returns a listener that passes everything on to several. */
  static CallListener all(List<CallListener> listeners) {
    return new CallListener() {
      @Override
      public void opened(UpstreamCall call) {
        listeners.forEach(listener -> listener.opened(call));
      }

      @Override
      public void read(byte[] buffer, int offset, int count) {
        listeners.forEach(listener -> listener.read(buffer, offset, count));
      }

      @Override
      public void closed(UpstreamCall call, boolean complete) {
        listeners.forEach(listener -> listener.closed(call, complete));
      }
    };
  }
}
