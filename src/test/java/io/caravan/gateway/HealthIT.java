package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.testkit.Gateway;
import io.caravan.testkit.Ports;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.support.RoutePolicySupport;
import org.junit.jupiter.api.Test;

class HealthIT {
  private static HealthCheck.Result of(Collection<HealthCheck.Result> results, String id) {
    return results.stream()
        .filter(result -> result.getCheck().getId().equals(id))
        .findFirst()
        .orElse(null);
  }

  @Test
  void isReadyOnceRequestsAreServedAndNoLongerWhenItStops() throws Exception {
    CamelContext context;
    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        Gateway gateway = Gateway.before(upstream)) {
      context = gateway.context();
      HealthCheck.Result ready = of(HealthCheckHelper.invokeReadiness(context), "caravan-ready");
      assertThat(ready.getState()).isEqualTo(HealthCheck.State.UP);
      assertThat(of(HealthCheckHelper.invokeLiveness(context), "caravan-ready")).isNull();
      HealthCheck check = ready.getCheck();
      gateway.context().stop();
      assertThat(check.call().getState()).isEqualTo(HealthCheck.State.DOWN);
      assertThat(check.call().getMessage()).hasValue("Caravan is stopping");
    }
  }

  /** A client that comes too early tries again, where a 404 would be the end of its model. */
  @Test
  void refusesConnectionsUntilItsRoutesHaveStarted() throws Exception {
    int port = Ports.free();
    List<Boolean> listened = new ArrayList<>();
    RoutePolicy atStart =
        new RoutePolicySupport() {
          @Override
          public void onStart(Route route) {
            listened.add(listens(port));
          }
        };
    RouteBuilder own =
        new RouteBuilder() {
          @Override
          public void configure() {
            from("direct:own").routePolicy(atStart).log("own");
          }
        };
    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        Gateway gateway =
            Gateway.before(
                upstream, own, "camel.server.port", "" + port, "caravan.port", "" + port)) {
      assertThat(listened).containsExactly(false);
      assertThat(gateway.send("HEAD", "/api/hello").statusCode()).isEqualTo(200);
    }
    assertThat(listens(port)).isFalse();
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void reportsAnUnreachableUpstreamAndStaysReady() throws Exception {
    try (ScriptedUpstream upstream = ScriptedUpstream.start()) {
      upstream.answerElse(request -> Script.json(503, "{}"));
      try (Gateway gateway = Gateway.before(upstream, "caravan.models.list", "true")) {
        CamelContext context = gateway.context();
        await()
            .untilAsserted(
                () ->
                    assertThat(
                            of(HealthCheckHelper.invoke(context, "full"), "caravan-upstreams")
                                .getDetails())
                        .containsAllEntriesOf(Map.of("nim", "HTTP 503")));
        assertThat(HealthCheckHelper.invokeReadiness(context))
            .allSatisfy(result -> assertThat(result.getState()).isEqualTo(HealthCheck.State.UP));
        assertThat(of(HealthCheckHelper.invokeReadiness(context), "caravan-upstreams")).isNull();
      }
    }
  }
}
