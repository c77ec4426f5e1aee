package io.caravan.load;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * What the clients do: each sends a request, reads the answer to its end, and sends the next.
 *
 * @param connections clients at once
 * @param order what each request orders from the upstream
 * @param shape how large the request is, and of what
 * @param warmUp time before the measurement
 * @param measured time of the measurement
 */
record Workload(
    int connections,
    Tokens.Order order,
    boolean stream,
    Shape shape,
    Duration warmUp,
    Duration measured) {

  /**
   * As a conversation of a size.
   *
   * @param bodyBytes about how large the request is; 0 for the smallest
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

  /** The whole request, ready to be sent. */
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
