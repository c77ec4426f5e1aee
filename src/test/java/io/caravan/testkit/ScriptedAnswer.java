package io.caravan.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The response to one request, written by the steps of a {@link Script}. The head is sent with the
 * first byte of the body, so that steps before that may still add to it.
 */
public final class ScriptedAnswer {
  /** The way in which the body ends. */
  private enum Framing {
    LENGTH,
    CHUNKED,
    UNTIL_CLOSED,
    HEADLESS
  }

  /** Thrown if the client leaves while the script runs. */
  static final class ClientGone extends IOException {
    private static final long serialVersionUID = 1;
  }

  private final Socket socket;
  private final OutputStream out;
  private final CompletableFuture<?> clientGone;
  private final boolean bodyless;
  private final StringBuilder head = new StringBuilder();
  private boolean headWritten;
  private boolean lengthGiven;
  private Framing framing = Framing.LENGTH;
  private boolean connectionEnded;

  ScriptedAnswer(Socket socket, CompletableFuture<?> clientGone, boolean bodyless)
      throws IOException {
    this.socket = socket;
    this.out = socket.getOutputStream();
    this.clientGone = clientGone;
    this.bodyless = bodyless;
  }

  void status(int status) {
    head.append("HTTP/1.1 ").append(status).append(" Scripted\r\n");
  }

  void header(String line) {
    lengthGiven |= line.regionMatches(true, 0, "content-length:", 0, 15);
    head.append(line).append("\r\n");
  }

  void headless() {
    framing = Framing.HEADLESS;
  }

  void chunked() {
    framing = Framing.CHUNKED;
    header("Transfer-Encoding: chunked");
  }

  void untilClosed() {
    framing = Framing.UNTIL_CLOSED;
    header("Connection: close");
  }

  /** Writes and flushes, in the body's framing. */
  public void write(byte[] part) throws IOException {
    if (framing != Framing.CHUNKED) {
      writeRaw(part);
    } else if (part.length > 0) {
      ByteArrayOutputStream chunk = new ByteArrayOutputStream(part.length + 16);
      chunk.write((Integer.toHexString(part.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
      chunk.write(part);
      chunk.write('\r');
      chunk.write('\n');
      writeRaw(chunk.toByteArray());
    }
  }

  /** Writes and flushes, without the framing. */
  public void writeRaw(byte[] bytes) throws IOException {
    ByteArrayOutputStream packet = new ByteArrayOutputStream(bytes.length + head.length() + 2);
    packet.write(takeHead());
    if (!bodyless) {
      packet.write(bytes);
    }
    out.write(packet.toByteArray());
    out.flush();
  }

  /** Waits, unless the client leaves. */
  public void pause(Duration time) throws IOException, InterruptedException {
    writeHead();
    try {
      clientGone.get(time.toNanos(), TimeUnit.NANOSECONDS);
      throw new ClientGone();
    } catch (TimeoutException e) {
      // The pause is over and the client is still connected.
    } catch (ExecutionException e) {
      throw new IOException(e);
    }
  }

  /** Waits for the gate, unless the client leaves. */
  public void await(CompletableFuture<?> gate) throws IOException, InterruptedException {
    writeHead();
    try {
      CompletableFuture.anyOf(gate, clientGone).get();
    } catch (ExecutionException e) {
      throw new IOException(e);
    }
    if (clientGone.isDone()) {
      throw new ClientGone();
    }
  }

  void reset() throws IOException {
    writeHead();
    connectionEnded = true;
    socket.setSoLinger(true, 0);
    socket.close();
  }

  void close() throws IOException {
    writeHead();
    connectionEnded = true;
    socket.close();
  }

  void halfClose() throws IOException, InterruptedException {
    writeHead();
    connectionEnded = true;
    socket.shutdownOutput();
    // The socket stays open until the client leaves; close() would close it.
    await(new CompletableFuture<>());
  }

  /**
   * Ends the body in its framing.
   *
   * @return true if the connection can take another request
   */
  boolean end() throws IOException {
    if (connectionEnded) {
      return false;
    }
    if (framing == Framing.LENGTH && !lengthGiven && !headWritten) {
      header("Content-Length: 0");
    }
    writeHead();
    if (framing == Framing.CHUNKED && !bodyless) {
      out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }
    boolean keepsAlive = framing == Framing.CHUNKED || (framing == Framing.LENGTH && lengthGiven);
    if (!keepsAlive) {
      socket.close();
    }
    return keepsAlive;
  }

  private void writeHead() throws IOException {
    out.write(takeHead());
    out.flush();
  }

  /** Returns the head if it has yet to be sent; a step before the status line sends none. */
  private byte[] takeHead() {
    if (headWritten || head.isEmpty() || framing == Framing.HEADLESS) {
      return new byte[0];
    }
    headWritten = true;
    return (head + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
  }
}
