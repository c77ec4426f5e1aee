package io.caravan.http.loop;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A socket that is a channel of an event loop. It blocks the thread that uses it, as any socket.
 */
@SuppressWarnings("UnsynchronizedOverridesSynchronized")
final class LoopSocket extends Socket {
  /** The most bytes that are handed to the channel at once. */
  private static final int PIECE = 64 * 1024;

  private static final WriteBufferWaterMark WAITING = new WriteBufferWaterMark(PIECE, 2 * PIECE);

  private final EventLoop loop;
  private final ChannelFactory<? extends Channel> channels;
  private final Map<ChannelOption<?>, Object> options = new LinkedHashMap<>();
  private final ReceivedBytes received = new ReceivedBytes();
  private volatile Channel channel;
  private volatile boolean connected;
  private volatile boolean closed;
  private volatile boolean outputShutdown;
  private volatile boolean inputShutdown;
  private volatile int timeoutMillis;

  LoopSocket(EventLoop loop, ChannelFactory<? extends Channel> channels) throws SocketException {
    super((SocketImpl) null);
    this.loop = loop;
    this.channels = channels;
  }

  @Override
  public void connect(SocketAddress address) throws IOException {
    connect(address, 0);
  }

  @Override
  public void connect(SocketAddress address, int limitMillis) throws IOException {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channelFactory(channels)
            .handler(received)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WAITING)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, limitMillis);
    options.forEach((option, value) -> set(bootstrap, option, value));
    ChannelFuture connecting = bootstrap.connect(address);
    channel = connecting.channel();
    if (closed) {
      var unused = channel.close();
    }
    await(connecting);
    if (closed) {
      throw new SocketException("Socket closed");
    }
    if (!connecting.isSuccess()) {
      closed = true;
      throw refusal(connecting.cause());
    }
    connected = true;
  }

  @SuppressWarnings("unchecked")
  private static <T> void set(Bootstrap bootstrap, ChannelOption<T> option, Object value) {
    bootstrap.option(option, (T) value);
  }

  /** Returns the exception that a plain socket would throw. */
  private static IOException refusal(Throwable cause) {
    IOException refusal =
        cause instanceof ConnectTimeoutException
            ? new SocketTimeoutException("Connect timed out")
            : cause instanceof ConnectException
                ? new ConnectException("Connection refused")
                : new SocketException(cause.getMessage());
    refusal.initCause(cause);
    return refusal;
  }

  private void await(ChannelFuture future) throws IOException {
    try {
      future.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
      throw new InterruptedIOException("Closed by interrupt");
    }
  }

  @Override
  public InputStream getInputStream() {
    return new Input();
  }

  @Override
  public OutputStream getOutputStream() {
    return new Output();
  }

  private final class Input extends InputStream {
    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return inputShutdown ? -1 : received.read(bytes, offset, length, timeoutMillis);
    }

    @Override
    public int available() {
      return inputShutdown ? 0 : received.available();
    }

    @Override
    public void close() {
      LoopSocket.this.close();
    }
  }

  private final class Output extends OutputStream {
    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      for (int from = offset; from < offset + length; from += PIECE) {
        checkWritable();
        int to = Math.min(offset + length, from + PIECE);
        // The caller may use its array again.
        ChannelFuture written =
            channel.writeAndFlush(Unpooled.wrappedBuffer(Arrays.copyOfRange(bytes, from, to)));
        if (!channel.isWritable()) {
          await(written);
        }
        if (written.isDone() && !written.isSuccess()) {
          throw new SocketException("Broken pipe");
        }
      }
    }

    @Override
    public void close() {
      LoopSocket.this.close();
    }
  }

  private void checkWritable() throws SocketException {
    if (closed) {
      throw new SocketException("Socket closed");
    }
    if (!connected || outputShutdown) {
      throw new SocketException("Socket output is shutdown");
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      received.close();
      if (channel != null) {
        var unused = channel.close();
      }
    }
  }

  @Override
  public void shutdownInput() {
    inputShutdown = true;
  }

  @Override
  public void shutdownOutput() throws IOException {
    checkWritable();
    outputShutdown = true;
    var unused = ((DuplexChannel) channel).shutdownOutput();
  }

  private <T> void set(ChannelOption<T> option, T value) throws SocketException {
    options.put(option, value);
    if (channel != null) {
      try {
        channel.config().setOption(option, value);
      } catch (ChannelException e) {
        SocketException failed = new SocketException("Socket closed");
        failed.initCause(e);
        throw failed;
      }
    }
  }

  @Override
  public void setTcpNoDelay(boolean on) throws SocketException {
    set(ChannelOption.TCP_NODELAY, on);
  }

  @Override
  public boolean getTcpNoDelay() {
    return Boolean.TRUE.equals(options.get(ChannelOption.TCP_NODELAY));
  }

  @Override
  public void setKeepAlive(boolean on) throws SocketException {
    set(ChannelOption.SO_KEEPALIVE, on);
  }

  @Override
  public boolean getKeepAlive() {
    return Boolean.TRUE.equals(options.get(ChannelOption.SO_KEEPALIVE));
  }

  @Override
  public void setReuseAddress(boolean on) throws SocketException {
    set(ChannelOption.SO_REUSEADDR, on);
  }

  @Override
  public void setSoLinger(boolean on, int seconds) throws SocketException {
    set(ChannelOption.SO_LINGER, on ? seconds : -1);
  }

  @Override
  public void setReceiveBufferSize(int size) throws SocketException {
    set(ChannelOption.SO_RCVBUF, size);
  }

  @Override
  public void setSendBufferSize(int size) throws SocketException {
    set(ChannelOption.SO_SNDBUF, size);
  }

  @Override
  public void setSoTimeout(int millis) {
    timeoutMillis = millis;
  }

  @Override
  public int getSoTimeout() {
    return timeoutMillis;
  }

  @Override
  public void bind(SocketAddress local) {
    // The system chooses the address, as it does for null.
  }

  @Override
  public boolean isBound() {
    return connected;
  }

  @Override
  public boolean isConnected() {
    return connected;
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public boolean isInputShutdown() {
    return inputShutdown;
  }

  @Override
  public boolean isOutputShutdown() {
    return outputShutdown;
  }

  @Override
  public SocketAddress getRemoteSocketAddress() {
    return connected ? channel.remoteAddress() : null;
  }

  @Override
  public SocketAddress getLocalSocketAddress() {
    return connected ? channel.localAddress() : null;
  }

  @Override
  public InetAddress getInetAddress() {
    return getRemoteSocketAddress() instanceof InetSocketAddress remote
        ? remote.getAddress()
        : null;
  }

  @Override
  public int getPort() {
    return getRemoteSocketAddress() instanceof InetSocketAddress remote ? remote.getPort() : 0;
  }

  @Override
  public InetAddress getLocalAddress() {
    return getLocalSocketAddress() instanceof InetSocketAddress local ? local.getAddress() : null;
  }

  @Override
  public int getLocalPort() {
    return getLocalSocketAddress() instanceof InetSocketAddress local ? local.getPort() : -1;
  }

  @Override
  public String toString() {
    return "LoopSocket[" + channel + "]";
  }
}
