package io.caravan.replay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.caravan.record.CaseFile;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An upstream on a loopback port that gives the recorded responses, one a call. It speaks as much
 * HTTP as the gateway's own calls need. A call beyond the recorded ones gets status 500.
 */
final class ReplayedUpstream implements AutoCloseable {
  private static final int LONGEST_HEAD = 64 * 1024;

  private final ServerSocket server;
  private final AtomicInteger calls = new AtomicInteger();
  private volatile List<CaseFile.Section> responses = List.of();

  private ReplayedUpstream(ServerSocket server) {
    this.server = server;
  }

  static ReplayedUpstream start() throws IOException {
    ReplayedUpstream upstream =
        new ReplayedUpstream(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    daemon(upstream::accept);
    return upstream;
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "caravan-replay");
    thread.setDaemon(true);
    thread.start();
  }

  /** Returns the base URL that providers are given. */
  String url() {
    return "http://" + server.getInetAddress().getHostAddress() + ":" + server.getLocalPort();
  }

  /** Sets the responses to the next calls. */
  void say(List<CaseFile.Section> recorded) {
    responses = recorded;
    calls.set(0);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        daemon(() -> serve(socket));
      } catch (IOException e) {
        if (server.isClosed()) {
          return;
        }
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      in.skipNBytes(bodyLength(head(in)));
      int call = calls.getAndIncrement();
      List<CaseFile.Section> all = responses;
      if (call >= all.size()) {
        answer(socket, "500", "text/plain", "", "There was no such call".getBytes(ISO_8859_1));
      } else {
        answer(socket, all.get(call));
      }
    } catch (IOException e) {
      // The gateway has ended the call, as it did then.
      return;
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0 && head.length() < LONGEST_HEAD) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("the request has no end");
      }
      head.append((char) next);
    }
    return head.toString().toLowerCase(Locale.ROOT);
  }

  private static long bodyLength(String head) {
    return head.lines()
        .filter(line -> line.startsWith("content-length:"))
        .mapToLong(line -> Long.parseLong(line.substring(15).strip()))
        .findFirst()
        .orElse(0);
  }

  private static void answer(Socket socket, CaseFile.Section recorded) throws IOException {
    List<String> words = recorded.words();
    boolean reset = words.contains("reset");
    String status = words.get(0);
    if (!status.equals("0")) {
      String type = words.size() > 1 ? words.get(1) : "text/event-stream";
      String after =
          words.stream()
              .filter(word -> word.startsWith("retry-after="))
              .map(word -> "Retry-After: " + word.substring(12) + "\r\n")
              .findFirst()
              .orElse("");
      OutputStream out = write(socket, status, type, after, recorded.body());
      if (!reset) {
        out.write("0\r\n\r\n".getBytes(ISO_8859_1));
      }
      out.flush();
    }
    if (reset || status.equals("0")) {
      // Closing the socket then sends a reset.
      socket.setSoLinger(true, 0);
    }
  }

  private static void answer(Socket socket, String status, String type, String headers, byte[] body)
      throws IOException {
    OutputStream out = write(socket, status, type, headers, body);
    out.write("0\r\n\r\n".getBytes(ISO_8859_1));
    out.flush();
  }

  private static OutputStream write(
      Socket socket, String status, String type, String headers, byte[] body) throws IOException {
    OutputStream out = new BufferedOutputStream(socket.getOutputStream());
    String contentType = type.equals("none") ? "" : "Content-Type: " + type + "\r\n";
    out.write(
        ("HTTP/1.1 "
                + status
                + " Recorded\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n"
                + contentType
                + headers
                + "\r\n")
            .getBytes(ISO_8859_1));
    if (body.length > 0) {
      out.write((Integer.toHexString(body.length) + "\r\n").getBytes(ISO_8859_1));
      out.write(body);
      out.write("\r\n".getBytes(ISO_8859_1));
    }
    return out;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
