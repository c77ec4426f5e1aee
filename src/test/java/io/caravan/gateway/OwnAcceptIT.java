package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.testkit.Gateway;
import io.caravan.testkit.OneRun;
import io.caravan.testkit.RawClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Accepts clients by a step of one's own, of whose keys the edge knows nothing. */
@Timeout(60)
class OwnAcceptIT {
  private static final int SHARE = 50_000;
  private static final String ROUTE =
      """
      - route:
          id: mine
          from:
            uri: platform-http:/mine
            parameters:
              httpMethodRestrict: POST
              consumes: application/json
            steps:
              - filter:
                  simple: "${header.x-my-token} != 'mine'"
                  steps:
                    - setHeader: {name: CamelHttpResponseCode, constant: "403"}
                    - stop: {}
              - removeHeaders: {pattern: "*"}
              - setBody: {constant: "taken"}
      """;

  @TempDir Path directory;

  @Test
  void isOnlySizedByTheEdge() throws Exception {
    try (Gateway gateway = start(Map.of())) {
      assertThat(post(gateway, 1_000, "x-my-token: mine")).contains(" 200 ", "taken");
      assertThat(post(gateway, 1_000, "x-api-key: unknown")).contains(" 403 ");
      assertThat(post(gateway, SHARE + 1, "x-my-token: mine"))
          .contains(" 401 ", "at most " + SHARE + " bytes");
      assertThat(post(gateway, SHARE + 1, "x-my-token: mine\r\nx-api-key: key-of-ann"))
          .contains(" 200 ");
    }
  }

  @Test
  void isLeftAloneWhereTheSwitchIsOff() throws Exception {
    try (Gateway gateway = start(Map.of("caravan.edge.check-keys", "false"))) {
      assertThat(post(gateway, 10 * SHARE, "x-my-token: mine")).contains(" 200 ", "taken");
      assertThat(post(gateway, 10 * SHARE, "x-api-key: unknown")).contains(" 403 ");
    }
  }

  private Gateway start(Map<String, String> more) throws Exception {
    OneRun.copyApplication(directory);
    Files.writeString(directory.resolve("routes/mine.camel.yaml"), ROUTE);
    Map<String, String> settings = new HashMap<>(more);
    settings.put("caravan.api-keys", "key-of-ann");
    settings.put("caravan.edge.keyless-bytes-held", String.valueOf(SHARE));
    return Gateway.in(directory, settings);
  }

  private static String post(Gateway gateway, int size, String header) throws Exception {
    try (RawClient client = RawClient.connect(gateway.port())) {
      client.write(
          "POST /mine HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
              + (header + "\r\nConnection: close\r\nContent-Length: " + size + "\r\n\r\n")
              + "x".repeat(size));
      return client.readAll();
    }
  }
}
