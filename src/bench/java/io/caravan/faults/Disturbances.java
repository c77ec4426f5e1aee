package io.caravan.faults;

import io.caravan.testkit.Chunks;
import io.caravan.testkit.Script;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What goes on beside a soak test: clients that leave, clients that don't read, edits of a route.
 * None of them checks anything; the soak's own requests must not notice them.
 */
final class Disturbances {
  /** The text of the requests for {@link #endless}. */
  static final String ORDER = "disturb:endless;";

  private static final String ROUTE = "routes/messages.camel.yaml";
  private static final String PIECE = Chunks.text("more and more ".repeat(2_000));
  private static final String BODY =
      "{\"model\":\"nim/soak/endless\",\"max_tokens\":9,\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\""
          + ORDER
          + "\"}]}";
  private static final int LONGEST_READ_MILLIS = 200;
  private static final Duration STALL = Duration.ofSeconds(10);
  private static final Duration BETWEEN_EDITS = Duration.ofSeconds(1);

  private final URI url;
  private final int leaving;
  private final int stalled;
  private final Path edited;
  private final AtomicLong left = new AtomicLong();
  private final AtomicLong stalls = new AtomicLong();
  private final AtomicLong edits = new AtomicLong();

  /**
   * Makes the disturbances of a run.
   *
   * @param leaving how many clients leave in mid-stream, again and again
   * @param stalled how many clients read nothing of a stream
   * @param directory the gateway's directory, whose route is edited; null for no edits
   */
  Disturbances(URI url, int leaving, int stalled, Path directory) {
    this.url = url;
    this.leaving = leaving;
    this.stalled = stalled;
    this.edited = directory == null ? null : directory.resolve(ROUTE);
  }

  /** Puts the route that is edited into a gateway's directory. */
  static void copyRoute(Path directory) throws IOException {
    Files.createDirectories(directory.resolve(ROUTE).getParent());
    Files.copy(Path.of(ROUTE), directory.resolve(ROUTE));
  }

  /** Returns a stream that ends with its client. */
  static Script endless() {
    return Script.stream(Chunks.role()).endlessly(PIECE, Duration.ofMillis(5));
  }

  /** Starts the threads of all disturbances, which end at a time. */
  List<Thread> start(long until) {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < leaving; i++) {
      threads.add(started("leaving", () -> leave(until)));
    }
    for (int i = 0; i < stalled; i++) {
      threads.add(started("stalled", () -> stall(until)));
    }
    if (edited != null) {
      threads.add(started("edits", () -> edit(until)));
    }
    return threads;
  }

  private static Thread started(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.start();
    return thread;
  }

  private Socket asked() throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(16 * 1024);
    socket.connect(new InetSocketAddress(url.getHost(), url.getPort()));
    String head =
        "POST /v1/messages HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nx-api-key: soak\r\nContent-Length: %d\r\n\r\n"
            .formatted(url.getAuthority(), BODY.length());
    socket.getOutputStream().write((head + BODY).getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private void leave(long until) {
    byte[] buffer = new byte[8192];
    while (System.nanoTime() < until) {
      try (Socket socket = asked()) {
        int millis = ThreadLocalRandom.current().nextInt(1, LONGEST_READ_MILLIS);
        long leaveAt = System.nanoTime() + Duration.ofMillis(millis).toNanos();
        socket.setSoTimeout(millis);
        while (System.nanoTime() < leaveAt && socket.getInputStream().read(buffer) >= 0) {
          // It reads until it leaves.
        }
      } catch (IOException e) {
        // It leaves before the first byte, or was refused.
      }
      left.incrementAndGet();
    }
  }

  private void stall(long until) {
    while (System.nanoTime() < until) {
      try (Socket socket = asked()) {
        // Its buffer is full soon, and nobody empties it.
        socket.setKeepAlive(true);
        sleep(STALL);
      } catch (IOException e) {
        // Refused.
      }
      stalls.incrementAndGet();
    }
  }

  private void edit(long until) {
    while (System.nanoTime() < until) {
      sleep(BETWEEN_EDITS);
      try {
        Files.writeString(
            edited, "# edit " + edits.incrementAndGet() + "\n", StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void print(PrintStream out) {
    out.printf(
        "beside them: %d clients that left, %d that did not read, %d edits of a route%n",
        left.get(), stalls.get(), edits.get());
  }
}
