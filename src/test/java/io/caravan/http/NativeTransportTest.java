package io.caravan.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.Version;
import io.vertx.core.Vertx;
import java.util.stream.Collectors;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.main.HttpServerConfigurationProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class NativeTransportTest {
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
  void isTakenOnLinux() throws Exception {
    try (DefaultCamelContext context = new DefaultCamelContext()) {
      context.start();
      new HttpServers().newHttpServer(context, new HttpServerConfigurationProperties(null));
      assertThat(context.getRegistry().findSingleByType(Vertx.class).isNativeTransportEnabled())
          .isTrue();
    }
  }
}
