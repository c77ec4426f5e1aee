package io.caravan.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * A client on a plain socket, with a connection for each request: when it leaves, its connection is
 * closed, which no pooling client promises.
 */
public final class PlainClient {
  /**
   * A response, as far as it came.
   *
   * @param status the status; 0 if none came
   * @param head its status line and headers, in lower case
   * @param complete true if the body is complete
   */
  public record Answer(
      int status, String head, String contentType, String body, boolean complete) {}

  private final URI url;
  private final int patienceMillis;
  private Supplier<String> session = () -> "";

  /**
   * Creates a client.
   *
   * @param patienceMillis the longest silence to wait for
   */
  public PlainClient(URI url, int patienceMillis) {
    this.url = url;
    this.patienceMillis = patienceMillis;
  }

  /** Sets the source of the session that each request names. */
  public PlainClient inSessions(Supplier<String> sessions) {
    session = () -> "x-claude-code-session-id: " + sessions.get() + "\r\n";
    return this;
  }

  /**
   * Posts a message and reads until the response ends or the time is over; then closes the
   * connection.
   */
  public Answer post(String body, int goAfterMillis) throws IOException {
    return post("/v1/messages", body.getBytes(StandardCharsets.UTF_8), goAfterMillis);
  }

  /** Posts any bytes as JSON, to any path. */
  public Answer post(String path, byte[] bytes, int goAfterMillis) throws IOException {
    String head =
        "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nx-api-key: soak\r\n%sConnection: close\r\nContent-Length: %d\r\n\r\n"
            .formatted(path, url.getAuthority(), session.get(), bytes.length);
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      socket.setTcpNoDelay(true);
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(bytes);
      return read(socket, goAfterMillis);
    }
  }

  private Answer read(Socket socket, int goAfterMillis) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    InputStream in = socket.getInputStream();
    long goAt = System.nanoTime() + goAfterMillis * 1_000_000L;
    boolean ended = false;
    try {
      while (!ended) {
        int left = (int) ((goAt - System.nanoTime()) / 1_000_000);
        if (goAfterMillis > 0 && left <= 0) {
          break;
        }
        socket.setSoTimeout(goAfterMillis > 0 ? left : patienceMillis);
        int count = in.read(buffer);
        ended = count < 0;
        all.write(buffer, 0, Math.max(0, count));
      }
    } catch (SocketTimeoutException e) {
      // The time is over.
    }
    return parse(all.toByteArray(), ended);
  }

  private static Answer parse(byte[] all, boolean ended) {
    String text = new String(all, StandardCharsets.ISO_8859_1);
    int headEnd = text.indexOf("\r\n\r\n");
    if (headEnd < 0) {
      return new Answer(0, "", "", text, false);
    }
    String head = text.substring(0, headEnd).toLowerCase(Locale.ROOT);
    int status = Integer.parseInt(text, 9, 12, 10);
    String body = text.substring(headEnd + 4);
    boolean chunked = head.contains("transfer-encoding: chunked");
    boolean complete = chunked ? body.endsWith("\r\n0\r\n\r\n") || body.equals("0\r\n\r\n") : ended;
    return new Answer(
        status,
        head,
        header(head, "content-type:"),
        utf8(chunked ? dechunk(body) : body),
        complete);
  }

  private static String header(String head, String name) {
    int at = head.indexOf(name);
    return at < 0 ? "" : head.substring(at + name.length()).lines().findFirst().orElse("").strip();
  }

  private static String dechunk(String body) {
    StringBuilder plain = new StringBuilder();
    int at = 0;
    while (true) {
      int lineEnd = body.indexOf("\r\n", at);
      if (lineEnd < 0) {
        return plain.toString();
      }
      int size = Integer.parseInt(body.substring(at, lineEnd).strip(), 16);
      int end = Math.min(body.length(), lineEnd + 2 + size);
      plain.append(body, lineEnd + 2, end);
      at = end + 2;
      if (size == 0 || at > body.length()) {
        return plain.toString();
      }
    }
  }

  private static String utf8(String latin1) {
    return new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }
}
