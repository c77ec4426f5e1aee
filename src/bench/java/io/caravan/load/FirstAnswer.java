package io.caravan.load;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** One small request, whose response is read to its end: the first that a server gets. */
final class FirstAnswer {
  private static final Workload ONE =
      new Workload(1, new Tokens.Order(1, 0), true, 0, Duration.ZERO, Duration.ZERO);
  private static final int BUFFER = 8192;

  private FirstAnswer() {}

  /**
   * Waits for a server's answer.
   *
   * @throws IOException if it ends without the last word of a stream
   */
  static void await(Target target) throws IOException {
    try (Socket socket = new Socket(target.url().getHost(), target.url().getPort())) {
      socket.getOutputStream().write(ONE.request(target));
      InputStream in = socket.getInputStream();
      StringBuilder answer = new StringBuilder();
      byte[] buffer = new byte[BUFFER];
      while (answer.indexOf(target.dialect().lastWord()) < 0) {
        int read = in.read(buffer);
        if (read < 0) {
          throw new IOException(target.name() + " has answered " + answer);
        }
        answer.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
      }
    }
  }
}
