package io.caravan.testkit;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * One connection to a {@link ScriptedUpstream}. One thread only reads, so that it notices at once
 * when the client leaves; the other runs the scripts.
 */
final class Connection {
  private final ScriptedUpstream upstream;
  private final Socket socket;
  private final int number;

  /** Completes when the client leaves or the server is closed. */
  private final CompletableFuture<Long> gone = new CompletableFuture<>();

  private volatile ReceivedRequest current;

  /** The received requests; an empty value is the last. */
  private final BlockingQueue<Optional<HttpRequestReader.Request>> requests =
      new LinkedBlockingQueue<>();

  Connection(ScriptedUpstream upstream, Socket socket, int number) {
    this.upstream = upstream;
    this.socket = socket;
    this.number = number;
  }

  /**
   * Starts the threads.
   *
   * @param first a script to run before any request is answered, or null
   */
  void start(Script first) {
    Threads.start("scripted-upstream-read-" + number, this::readAll);
    Threads.start("scripted-upstream-write-" + number, () -> playAll(first));
  }

  /** Ends the connection from the server's side. */
  void abandon() {
    clientWent();
    closeQuietly();
  }

  private void readAll() {
    try {
      HttpRequestReader reader =
          new HttpRequestReader(
              new BufferedInputStream(socket.getInputStream()), socket.getOutputStream());
      for (var request = reader.next(); request != null; request = reader.next()) {
        requests.add(Optional.of(request));
      }
    } catch (IOException e) {
      // A reset means the same as an end: the client has left.
    } finally {
      clientWent();
      requests.add(Optional.empty());
    }
  }

  private void playAll(Script first) {
    try {
      boolean more = first == null || play(first, false);
      while (more) {
        Optional<HttpRequestReader.Request> request = requests.take();
        more = request.isPresent() && answer(request.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      closeQuietly();
      upstream.gone(this);
    }
  }

  private boolean answer(HttpRequestReader.Request request) throws InterruptedException {
    ReceivedRequest received = ReceivedRequest.of(number, request);
    current = received;
    if (gone.isDone()) {
      received.clientWentAt(gone.join());
    }
    try {
      return play(upstream.scriptFor(received), request.method().equals("HEAD"));
    } finally {
      received.finished().complete(null);
    }
  }

  /** Runs a script; returns whether the connection can take another request. */
  private boolean play(Script script, boolean bodyless) throws InterruptedException {
    try {
      ScriptedAnswer answer = new ScriptedAnswer(socket, gone, bodyless);
      for (Script.Step step : script.steps()) {
        step.run(answer);
      }
      return answer.end();
    } catch (IOException e) {
      clientWent();
      return false;
    }
  }

  private void clientWent() {
    long now = System.nanoTime();
    gone.complete(now);
    ReceivedRequest request = current;
    if (request != null) {
      request.clientWentAt(now);
    }
  }

  private void closeQuietly() {
    try {
      socket.close();
    } catch (IOException e) {
      // Nobody is left to report to.
    }
  }
}
