package io.caravan.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClientInfoTest {
  @Test
  void keepsAHashOfALongSessionAndAgent() {
    String session = "s".repeat(30_000);
    ClientInfo client = new ClientInfo("ann", session, "a".repeat(257), null, null, null, null);

    assertThat(client.session()).hasSizeLessThan(100).doesNotContain("sss");
    assertThat(client.agent()).hasSizeLessThan(100);
    assertThat(new ClientInfo("ann", session, null, null, null, null, null).session())
        .isEqualTo(client.session());
    assertThat(new ClientInfo("ann", session + "t", null, null, null, null, null).session())
        .isNotEqualTo(client.session());
  }

  @Test
  void keepsAnyOtherAsItIs() {
    String session = "s".repeat(256);

    ClientInfo client = new ClientInfo("ann", session, null, null, null, null, null);

    assertThat(client.session()).isEqualTo(session);
    assertThat(client.agent()).isNull();
  }
}
