package io.caravan.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * An OpenAI-compatible server on loopback that follows a test's scripts, down to the bytes and the
 * TCP reset. It records its requests, the number of its connections, and the moment at which a
 * client left.
 *
 * <p>{@link #enqueue Queued} scripts answer chat completions first, then the function given to
 * {@link #answer}; a request with neither gets a 500 that says so. {@code GET .../models} lists one
 * model unless {@link #answerElse} changes that.
 */
public final class ScriptedUpstream implements AutoCloseable {
  private final ServerSocket server;
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();
  private final List<ReceivedRequest> received = new CopyOnWriteArrayList<>();
  private final BlockingQueue<ReceivedRequest> untaken = new LinkedBlockingQueue<>();
  private final Queue<Script> queue = new ConcurrentLinkedQueue<>();
  private final Queue<Script> connectionQueue = new ConcurrentLinkedQueue<>();
  private volatile boolean recording = true;
  private volatile Function<ReceivedRequest, Script> completions = request -> null;
  private volatile Function<ReceivedRequest, Script> others = ScriptedUpstream::models;

  private ScriptedUpstream(ServerSocket server) {
    this.server = server;
  }

  /** Starts on a port that the system chooses. */
  public static ScriptedUpstream start() {
    return start(0);
  }

  /**
   * Starts on a port of loopback.
   *
   * @throws UncheckedIOException if the port is in use
   */
  public static ScriptedUpstream start(int port) {
    try {
      ServerSocket server = new ServerSocket();
      server.setReuseAddress(true);
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1024);
      ScriptedUpstream upstream = new ScriptedUpstream(server);
      Threads.start("scripted-upstream-accept", upstream::acceptAll);
      return upstream;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return server.getLocalPort();
  }

  /** Returns the base URL in a provider's form, with {@code /v1}. */
  public String url() {
    return "http://127.0.0.1:" + port() + "/v1";
  }

  /** Adds scripts for the next completions, in order; they take precedence over {@link #answer}. */
  public ScriptedUpstream enqueue(Script... scripts) {
    queue.addAll(List.of(scripts));
    return this;
  }

  /** Sets the script of each completion without a queued one. */
  public ScriptedUpstream answer(Function<ReceivedRequest, Script> completions) {
    this.completions = completions;
    return this;
  }

  /** Sets the script of every request that is no chat completion. */
  public ScriptedUpstream answerElse(Function<ReceivedRequest, Script> others) {
    this.others = others;
    return this;
  }

  /** Adds scripts for the next connections, run when they open, before a request is read. */
  public ScriptedUpstream enqueueForConnection(Script... scripts) {
    connectionQueue.addAll(List.of(scripts));
    return this;
  }

  /** Stops recording requests, for tests whose requests don't fit into memory. */
  public ScriptedUpstream recordNothing() {
    recording = false;
    forget();
    return this;
  }

  /** Returns every request so far, of any kind. */
  public List<ReceivedRequest> everything() {
    return List.copyOf(received);
  }

  /** Returns the requests for chat completions so far. */
  public List<ReceivedRequest> completions() {
    return received.stream().filter(ReceivedRequest::isCompletion).toList();
  }

  /**
   * Returns the next request for a chat completion in the order of arrival; each is returned once.
   *
   * @throws AssertionError if none comes in time
   */
  public ReceivedRequest takeCompletion(Duration timeout) throws InterruptedException {
    ReceivedRequest request = untaken.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
    if (request == null) {
      throw new AssertionError("no chat completion was asked for in " + timeout);
    }
    return request;
  }

  /** Forgets requests and scripts; connections stay. */
  public void forget() {
    received.clear();
    untaken.clear();
    queue.clear();
    connectionQueue.clear();
  }

  /** Returns how many connections are open now. */
  public int openConnections() {
    return open.size();
  }

  /** Returns how many connections have ever been opened. */
  public int acceptedConnections() {
    return accepted.get();
  }

  /** Closes the port and every connection. */
  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      open.forEach(Connection::abandon);
    }
  }

  private void acceptAll() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        Connection connection = new Connection(this, socket, accepted.incrementAndGet());
        open.add(connection);
        connection.start(connectionQueue.poll());
      } catch (IOException e) {
        if (!server.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  Script scriptFor(ReceivedRequest request) {
    if (recording) {
      received.add(request);
    }
    if (!request.isCompletion()) {
      return others.apply(request);
    }
    if (recording) {
      untaken.add(request);
    }
    Script queued = queue.poll();
    Script script = queued != null ? queued : completions.apply(request);
    return script != null
        ? script
        : Script.json(500, "{\"error\":{\"message\":\"the test has no script for this request\"}}");
  }

  void gone(Connection connection) {
    open.remove(connection);
  }

  /** Returns the list of one model; any other path is unknown. */
  public static Script models(ReceivedRequest request) {
    if (!request.path().endsWith("/models")) {
      return Script.json(404, "{\"error\":{\"message\":\"no such path\"}}");
    }
    return Script.json(
        200,
        "{\"object\":\"list\",\"data\":[{\"id\":\"scripted/model\",\"object\":\"model\",\"created\":1,\"owned_by\":\"test\"}]}");
  }
}
