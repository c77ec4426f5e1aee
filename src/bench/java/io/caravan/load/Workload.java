package io.caravan.load;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * The work of the clients: each sends a request, reads the response to its end, and sends the next.
 *
 * @param connections the number of concurrent clients
 * @param order the stream that each request orders from the upstream
 * @param shape the size and the parts of the request
 * @param warmUp the time before the measurement
 * @param measured the time of the measurement
 */
record Workload(
    int connections,
    Tokens.Order order,
    boolean stream,
    Shape shape,
    Duration warmUp,
    Duration measured) {

  /**
   * Makes a workload with conversations of a size.
   *
   * @param bodyBytes the approximate size of the request; 0 for the smallest
   */
  Workload(
      int connections,
      Tokens.Order order,
      boolean stream,
      int bodyBytes,
      Duration warmUp,
      Duration measured) {
    this(connections, order, stream, Shape.ofBytes(bodyBytes), warmUp, measured);
  }

  /** Returns the whole request, ready to be sent. */
  byte[] request(Target target) {
    byte[] body = RequestBodies.body(this, target).getBytes(StandardCharsets.UTF_8);
    byte[] head =
        ("POST "
                + target.url().getRawPath()
                + target.dialect().path()
                + " HTTP/1.1\r\nHost: "
                + target.url().getAuthority()
                + "\r\nContent-Type: application/json\r\nanthropic-version: 2023-06-01\r\nx-api-key: "
                + target.key()
                + "\r\nAuthorization: Bearer "
                + target.key()
                + "\r\nContent-Length: "
                + body.length
                + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    byte[] request = new byte[head.length + body.length];
    System.arraycopy(head, 0, request, 0, head.length);
    System.arraycopy(body, 0, request, head.length, body.length);
    return request;
  }
}
