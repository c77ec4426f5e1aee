package io.caravan.http.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ReceivedBytesTest {
  private static final int MANY = 64 * 1024;

  private final ReceivedBytes received = new ReceivedBytes();
  private final EmbeddedChannel channel = new EmbeddedChannel(received);

  private void arrive(String text) {
    arrive(text.getBytes(StandardCharsets.US_ASCII));
  }

  private void arrive(byte[] bytes) {
    channel.writeInbound(Unpooled.wrappedBuffer(bytes));
  }

  private String read(int most) throws IOException {
    byte[] bytes = new byte[most];
    int count = received.read(bytes, 0, most, 0);
    return count < 0 ? null : new String(bytes, 0, count, StandardCharsets.US_ASCII);
  }

  @Test
  void readsWhatHasArrivedInItsOrder() throws Exception {
    arrive("abc");
    arrive("de");

    assertThat(received.available()).isEqualTo(5);
    assertThat(read(2)).isEqualTo("ab");
    assertThat(received.available()).isEqualTo(3);
    assertThat(read(9)).isEqualTo("c");
    assertThat(read(9)).isEqualTo("de");
    assertThat(received.available()).isZero();
  }

  @Test
  void readsTheRestBeforeTheEnd() throws Exception {
    arrive("rest");
    channel.finish();

    assertThat(read(9)).isEqualTo("rest");
    assertThat(read(9)).isNull();
    assertThat(read(9)).as("the end stays").isNull();
  }

  @Test
  void readsTheRestBeforeAFailure() throws Exception {
    arrive("rest");
    channel.pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));

    assertThat(read(9)).isEqualTo("rest");
    assertThatThrownBy(() -> read(9))
        .isInstanceOf(SocketException.class)
        .hasMessage("Connection reset by peer");
  }

  @Test
  void readsNothingOnceItIsClosed() {
    arrive("late");
    received.close();

    assertThatThrownBy(() -> read(9))
        .isInstanceOf(SocketException.class)
        .hasMessage("Socket closed");
  }

  @Test
  void stopsReceivingUntilHalfIsRead() throws Exception {
    arrive(new byte[MANY]);
    assertThat(channel.config().isAutoRead()).isFalse();

    read(MANY / 2);
    assertThat(channel.config().isAutoRead()).isFalse();
    read(1);

    assertThat(channel.config().isAutoRead()).isTrue();
  }
}
