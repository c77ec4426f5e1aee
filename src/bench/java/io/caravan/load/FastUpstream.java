package io.caravan.load;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An OpenAI-compatible server that costs next to nothing. A stream at full speed consists of bytes
 * made before; a paced one has each chunk at its time, with that time in it. The client orders
 * either in its message ({@link Tokens.Order}), so that one server serves all gateways at once.
 */
final class FastUpstream extends EventLoop {
  private final ServerSocketChannel server;
  private final PriorityQueue<PacedStream> due = new PriorityQueue<>();
  private final Map<Integer, byte[]> streams = new ConcurrentHashMap<>();
  private final Map<Integer, byte[]> completions = new ConcurrentHashMap<>();

  private FastUpstream(ServerSocketChannel server) throws IOException {
    super("load-upstream");
    this.server = server;
  }

  static FastUpstream start(int port) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 4096);
    server.configureBlocking(false);
    FastUpstream upstream = new FastUpstream(server);
    server.register(upstream.selector, SelectionKey.OP_ACCEPT, upstream.new Acceptor());
    upstream.start();
    return upstream;
  }

  int port() {
    return server.socket().getLocalPort();
  }

  /** Returns the base URL for a provider. */
  String url() {
    return "http://127.0.0.1:" + port() + "/v1";
  }

  void schedule(PacedStream stream) {
    due.add(stream);
  }

  @Override
  long runDue() {
    while (!due.isEmpty()) {
      long wait = due.peek().dueAt() - Tokens.now();
      if (wait > 0) {
        return wait;
      }
      PacedStream stream = due.poll();
      if (stream.sendNext()) {
        due.add(stream);
      }
    }
    return Long.MAX_VALUE;
  }

  /** Returns the whole stream with a number of tokens, to be sent at full speed. */
  byte[] wholeStream(int events) {
    return streams.computeIfAbsent(
        events,
        count -> {
          ByteArrayOutputStream answer = new ByteArrayOutputStream();
          answer.writeBytes(Answers.STREAM_HEAD);
          answer.writeBytes(Answers.ROLE);
          for (int i = 0; i < count; i++) {
            answer.writeBytes(Answers.tokenChunk(i));
          }
          answer.writeBytes(Answers.end(count));
          return answer.toByteArray();
        });
  }

  /** Returns the same as one completion, for a client that does not stream. */
  byte[] wholeCompletion(int events) {
    return completions.computeIfAbsent(events, Answers::whole);
  }

  private final class Acceptor implements Handler {
    @Override
    public void ready(SelectionKey key) throws IOException {
      for (SocketChannel channel = server.accept(); channel != null; channel = server.accept()) {
        channel.configureBlocking(false);
        channel.socket().setTcpNoDelay(true);
        channel.register(
            selector, SelectionKey.OP_READ, new UpstreamConnection(FastUpstream.this, channel));
      }
    }

    @Override
    public void failed(IOException why) {
      throw new IllegalStateException("the upstream of the load test can't accept", why);
    }
  }
}
