package io.caravan.http;

import java.util.Map;
import java.util.function.Supplier;

/**
 * The response to the client while it is being written, event by event. It is opened late, so that
 * an early failure still has its own HTTP status. Only this class knows whether the client is still
 * connected.
 *
 * <p>Writes may come from the exchange's thread and from a timer (keep-alive pings); each write is
 * atomic.
 */
public interface ClientResponse {
  /** Stands where no client is connected: nothing can be written, and nobody leaves. */
  ClientResponse NONE = new NoClient();

  /** Sets the status and headers that go out with the first write. */
  void head(int status, Map<String, String> headers);

  /** Returns whether the head has been sent: from then on a failure can only be an event. */
  boolean started();

  /**
   * Writes and flushes. Blocks while the client's socket is full, so that a slow client slows the
   * upstream down.
   *
   * @param bytes the bytes, which belong to the response from then on
   * @throws ClientGoneException if the client has left, or has read nothing for too long
   */
  void write(byte[] bytes, int offset, int length);

  /**
   * Writes and flushes if that is possible at once; otherwise the client still has bytes to read
   * and needs no keep-alive ping. Opens the response with status 200 if it is not open yet.
   *
   * @param headers the headers of the head, requested only if this call opens the response
   * @return true if the bytes were written
   */
  boolean offer(Supplier<Map<String, String>> headers, byte[] bytes);

  /**
   * Claims an unopened response for a status of its own: from then on no keep-alive ping opens it.
   *
   * @return false if its head has been sent: the rest of the response can only be events
   */
  boolean claim();

  /** Returns the HTTP status that was or will be sent. */
  int status();

  /**
   * Returns the {@link System#nanoTime()} of the last write, or before it of this object's
   * creation.
   */
  long lastWriteAt();

  /** Learns that the upstream has the request, whose body then takes less memory. */
  void requestSent();

  /**
   * Marks a response as complete whose client has left. Otherwise the server's own writer would
   * find an open response and report that its head has been sent.
   */
  void leave();

  /** Completes the response. Does nothing if the client has left. */
  void end();

  /**
   * Writes the last bytes and completes the response in one step.
   *
   * @param bytes the bytes, which belong to the response from then on
   * @throws ClientGoneException if the client has left
   */
  void end(byte[] bytes, int offset, int length);

  /** Returns whether the connection is closed or the response is complete. */
  boolean closed();

  /** Returns whether the client left before the response was complete. */
  boolean abandoned();

  /**
   * Adds an action that runs once when the response is complete or the client has left; at once if
   * that has happened already.
   */
  void onClose(Runnable action);
}
