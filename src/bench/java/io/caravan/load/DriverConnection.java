package io.caravan.load;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** One client of the {@link Driver}. */
final class DriverConnection implements EventLoop.Handler {
  /** The number of failures in a row after which a server gets no more requests. */
  private static final int FAILURES_LIMIT = 20;

  private final Driver driver;
  private final ByteBuffer in = ByteBuffer.allocate(1 << 16);
  private final TokenReader tokens = new TokenReader(this::token);
  private final ResponseReader response = new ResponseReader(tokens);
  private SocketChannel channel;
  private ByteBuffer unsent;
  private long sentAt;
  private int came;
  private boolean waiting;
  private boolean outOfOrder;
  private int failures;

  DriverConnection(Driver driver) {
    this.driver = driver;
  }

  void open() {
    try {
      driver.connect(this);
      begin();
    } catch (IOException e) {
      failed(e);
    }
  }

  void use(SocketChannel channel) {
    this.channel = channel;
  }

  @Override
  public void ready(SelectionKey key) throws IOException {
    if (key.isConnectable()) {
      channel.finishConnect();
      key.interestOps(SelectionKey.OP_WRITE);
    }
    if (key.isWritable()) {
      if (sentAt == 0) {
        sentAt = Tokens.now();
      }
      channel.write(unsent);
      if (!unsent.hasRemaining()) {
        key.interestOps(SelectionKey.OP_READ);
      }
    }
    if (key.isReadable()) {
      read(key);
    }
  }

  @Override
  public void failed(IOException why) {
    closeQuietly();
    if (waiting) {
      waiting = false;
      driver.broke("the connection broke after " + came + " tokens: " + why.getMessage());
      failures++;
    }
    if (!driver.isDraining() && failures < FAILURES_LIMIT) {
      open();
    }
  }

  private void read(SelectionKey key) throws IOException {
    in.clear();
    if (channel.read(in) < 0) {
      if (!waiting || !response.mayEndHere()) {
        throw new EOFException("closed by the server");
      }
      complete(key);
      return;
    }
    in.flip();
    if (response.read(in)) {
      complete(key);
    }
  }

  private void complete(SelectionKey key) {
    String fault = fault();
    waiting = false;
    if (fault == null) {
      failures = 0;
      driver.answered();
    } else {
      driver.broke(fault);
      failures++;
    }
    if (driver.isDraining() || failures >= FAILURES_LIMIT) {
      key.cancel();
      closeQuietly();
    } else if (response.isLast()) {
      key.cancel();
      closeQuietly();
      open();
    } else {
      begin();
      key.interestOps(SelectionKey.OP_WRITE);
    }
  }

  private String fault() {
    if (response.status() != 200) {
      return "status " + response.status() + ": " + tokens.tail();
    }
    if (came != driver.workload().order().events()) {
      return "came " + came + " tokens of " + driver.workload().order().events();
    }
    if (outOfOrder) {
      return "tokens out of order";
    }
    if (driver.workload().stream() && !tokens.endsWith(driver.target().dialect().lastWord())) {
      return "ends without " + driver.target().dialect().lastWord();
    }
    return null;
  }

  private void begin() {
    sentAt = 0;
    came = 0;
    outOfOrder = false;
    tokens.reset();
    response.reset();
    unsent = ByteBuffer.wrap(driver.request());
    waiting = true;
    driver.requestSent();
  }

  private void closeQuietly() {
    try {
      channel.close();
    } catch (IOException e) {
      // It was broken already.
    }
  }

  private void token(long number) {
    if (came == 0) {
      driver.firstTokenCame(sentAt);
    }
    outOfOrder |= !Tokens.isTime(number) && number != came;
    came++;
    driver.tokenCame(number);
  }
}
