package io.caravan.http.loop;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The bytes that a channel has received and nobody has read yet: the event loop adds them, one
 * thread at a time reads them. If that is too slow, the channel stops receiving.
 */
final class ReceivedBytes extends ChannelInboundHandlerAdapter {
  /** The bytes from which the channel stops receiving. The system has buffers of its own. */
  private static final int MANY = 64 * 1024;

  /**
   * The most bytes for which the reader is continued on the event loop. One that has more to do is
   * continued elsewhere: the loop serves all other streams meanwhile.
   */
  private static final int FEW = 2 * 1024;

  /**
   * The wait from which a stream trickles, and its reader may be continued on the event loop. For
   * one that flows, a thread of its own is better: it reads several parts at once meanwhile, and a
   * short response has an end that would leave the loop at once.
   */
  private static final long TRICKLE_NANOS = 1_000_000;

  private final Queue<byte[]> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger size = new AtomicInteger();
  private volatile Channel channel;
  private volatile boolean paused;
  private volatile boolean ended;
  private volatile boolean closed;
  private volatile IOException failure;
  private volatile Thread reader;
  private LoopThread guest;

  /** The bytes that are being read; only the reader sees them. */
  private byte[] current = {};

  private int position;
  private long waitedNanos;

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    channel = context.channel();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      ByteBuf buffer = (ByteBuf) message;
      byte[] bytes = new byte[buffer.readableBytes()];
      if (bytes.length == 0) {
        return;
      }
      buffer.readBytes(bytes);
      queue.add(bytes);
      if (size.addAndGet(bytes.length) >= MANY) {
        channel.config().setAutoRead(false);
        paused = true;
        // The reader may have taken all of them before it could see the pause.
        resume();
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    Thread waiting = reader;
    if (waiting == null || queue.isEmpty()) {
      return;
    }
    LoopThread thread = guest;
    if (thread != null && size.get() <= FEW) {
      thread.continueHere(waiting);
    } else {
      LockSupport.unpark(waiting);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    end();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    failure = cause instanceof IOException io ? io : new IOException(cause);
    var unused = context.close();
    end();
  }

  private void end() {
    ended = true;
    wake();
  }

  /** Makes the reader throw. Any thread may call it. */
  void close() {
    closed = true;
    wake();
  }

  private void wake() {
    LockSupport.unpark(reader);
  }

  /** Returns the number of bytes that can be read without a wait. */
  int available() {
    return size.get();
  }

  /**
   * Reads bytes; waits for the first.
   *
   * @param timeoutMillis the longest wait; 0 has no limit
   * @return -1 at the end
   */
  int read(byte[] target, int offset, int length, int timeoutMillis) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill(timeoutMillis)) {
      return -1;
    }
    int count = Math.min(length, current.length - position);
    System.arraycopy(current, position, target, offset, count);
    position += count;
    size.addAndGet(-count);
    resume();
    return count;
  }

  private void resume() {
    if (paused && size.get() < MANY / 2) {
      paused = false;
      channel.config().setAutoRead(true);
    }
  }

  /** Makes the current bytes some that are not read yet; returns false at the end. */
  private boolean fill(int timeoutMillis) throws IOException {
    long until =
        timeoutMillis == 0 ? 0 : System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    while (position == current.length) {
      checkOpen();
      boolean last = ended;
      byte[] next = queue.poll();
      if (next != null) {
        current = next;
        position = 0;
      } else if (last) {
        if (failure != null) {
          throw reset(failure);
        }
        return false;
      } else {
        await(timeoutMillis == 0 ? 0 : until - System.nanoTime(), timeoutMillis != 0);
      }
    }
    return true;
  }

  private void checkOpen() throws SocketException {
    if (closed) {
      throw new SocketException("Socket closed");
    }
  }

  private static SocketException reset(IOException cause) {
    SocketException reset = new SocketException(cause.getMessage());
    reset.initCause(cause);
    return reset;
  }

  private void await(long nanos, boolean timed) throws IOException {
    if (timed && nanos <= 0) {
      throw new SocketTimeoutException("Read timed out");
    }
    LoopThread self = LoopThread.current();
    guest = self;
    reader = Thread.currentThread();
    try {
      if (!queue.isEmpty() || ended || closed) {
        return;
      }
      if (timed) {
        LockSupport.parkNanos(this, nanos);
      } else if (self != null) {
        long since = System.nanoTime();
        self.park(this, waitedNanos > TRICKLE_NANOS);
        waitedNanos = System.nanoTime() - since;
      } else {
        LockSupport.park(this);
      }
    } finally {
      reader = null;
    }
    if (Thread.currentThread().isInterrupted()) {
      var unused = channel.close();
      throw new SocketException("Closed by interrupt");
    }
  }
}
