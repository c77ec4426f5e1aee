package io.caravan.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.anthropic.RequestReader;
import io.caravan.exchange.GatewayRequest;
import io.caravan.http.UpstreamHttp;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

class KeepAliveTest {
  private static final String STREAMED =
      "{\"model\":\"any\",\"max_tokens\":9,\"stream\":true,"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  /** As in an application that reads requests from files: nothing would end the pings. */
  @Test
  void startsNoPingsWhereNoClientIsConnected() throws Exception {
    try (UpstreamHttp http = new UpstreamHttp()) {
      KeepAlive stage = new KeepAlive();
      stage.setHttp(http);
      Exchange exchange = new DefaultExchange(new DefaultCamelContext());
      byte[] body = STREAMED.getBytes(StandardCharsets.UTF_8);
      GatewayRequest.of(exchange).setMessage(new RequestReader().read(body));

      stage.process(exchange);

      assertThat(http.deadlines().size()).isZero();
    }
  }
}
