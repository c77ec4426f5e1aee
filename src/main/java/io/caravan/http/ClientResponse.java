package io.caravan.http;

import java.util.Map;
import java.util.function.Supplier;

/**
 * The answer to the client while it is being written: opened late, so that an early failure still
 * has its own HTTP status, and written event by event. It is the one place that knows whether the
 * client is still there.
 *
 * <p>Writes may come from the exchange's thread and from a timer (signs of life); each is whole.
 */
public interface ClientResponse {
  /** Stands where no client is connected: nothing can be written, and nobody leaves. */
  ClientResponse NONE = new NoClient();

  /** Sets the status and headers that go out with the first write. */
  void head(int status, Map<String, String> headers);

  /** Whether the head has gone out: from then on a failure can only be an event. */
  boolean started();

  /**
   * Writes and flushes. Blocks while the client's socket takes no more, so that a slow client slows
   * the upstream down.
   *
   * @param bytes are the response's from then on
   * @throws ClientGoneException if the client has left, or has taken nothing for too long
   */
  void write(byte[] bytes, int offset, int length);

  /**
   * Writes and flushes if that can be done at once; otherwise the client is still busy with what it
   * has, and needs no sign of life. Opens the response with status 200 where nothing has.
   *
   * @param headers for the head, asked for only where it is opened here
   * @return whether it was written
   */
  boolean offer(Supplier<Map<String, String>> headers, byte[] bytes);

  /**
   * Takes a response of which nothing has gone out for an answer with a status of its own: from
   * then on no sign of life opens it.
   *
   * @return false where its head has gone out: the rest of the answer can only be events
   */
  boolean claim();

  /** The HTTP status that was or will be sent. */
  int status();

  /**
   * When something was last written, {@link System#nanoTime()}; before the first write, when it was
   * taken over.
   */
  long lastWriteAt();

  /** Completes the answer. Does nothing where the client is gone. */
  void end();

  /**
   * Writes the last bytes and completes the answer, in one go.
   *
   * @param bytes are the response's from then on
   * @throws ClientGoneException if the client has left
   */
  void end(byte[] bytes, int offset, int length);

  /** Whether the connection is closed or the answer complete. */
  boolean closed();

  /** Whether the client left before the answer was complete. */
  boolean abandoned();

  /**
   * Runs once when the answer is complete or the client has left; at once where that has happened
   * already.
   */
  void onClose(Runnable action);
}
