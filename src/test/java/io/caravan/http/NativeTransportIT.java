package io.caravan.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.testkit.Gateway;
import io.caravan.testkit.ScriptedUpstream;
import io.netty.util.Version;
import io.vertx.core.Vertx;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class NativeTransportIT {
  @Test
  void bringsNoSecondVersionOfNetty() {
    assertThat(
            Version.identify().values().stream()
                .map(Version::artifactVersion)
                .collect(Collectors.toSet()))
        .hasSize(1);
  }

  @Test
  @EnabledOnOs(
      value = OS.LINUX,
      architectures = {"amd64", "aarch64"})
  void servesByIt() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        Gateway gateway = Gateway.before(upstream)) {
      Vertx serving = gateway.context().getRegistry().findSingleByType(Vertx.class);
      assertThat(serving.isNativeTransportEnabled()).isTrue();
    }
  }
}
