package io.caravan.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * One connection whose bytes the test writes and reads itself, for requests that no client library
 * would send and for clients that leave.
 */
public final class RawClient implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Socket socket;

  private RawClient(Socket socket) {
    this.socket = socket;
  }

  /** Connects to a port of this machine. */
  public static RawClient connect(int port) throws IOException {
    return on(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  /** Uses a connection that is already open, for example one with TLS. */
  public static RawClient on(Socket socket) throws IOException {
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) PATIENCE.toMillis());
    return new RawClient(socket);
  }

  /** Writes text unchanged, including {@code \r\n}. */
  public RawClient write(String text) throws IOException {
    return write(text.getBytes(StandardCharsets.UTF_8));
  }

  public RawClient write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** Posts JSON with the headers that a client sends. */
  public RawClient post(String path, String json) throws IOException {
    return post(path, json.getBytes(StandardCharsets.UTF_8));
  }

  /** Posts bytes as JSON. */
  public RawClient post(String path, byte[] body, String... headers) throws IOException {
    StringBuilder head = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n");
    head.append("Content-Type: application/json\r\nContent-Length: " + body.length + "\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    return write(head + "\r\n").write(body);
  }

  /**
   * Reads until the text has come.
   *
   * @return the text read
   * @throws AssertionError if the connection ends before
   */
  public String readUntil(String text) throws IOException {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    InputStream in = socket.getInputStream();
    while (!read.toString(StandardCharsets.UTF_8).contains(text)) {
      int next = in.read();
      if (next < 0) {
        throw new AssertionError("the connection ended after: " + read);
      }
      read.write(next);
    }
    return read.toString(StandardCharsets.UTF_8);
  }

  /** Returns how many bytes have arrived and are not read yet. */
  public int available() throws IOException {
    return socket.getInputStream().available();
  }

  /** Reads until the server closes the connection. */
  public String readAll() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Closes the connection. */
  @Override
  public void close() throws IOException {
    socket.close();
  }
}
