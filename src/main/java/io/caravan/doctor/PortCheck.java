package io.caravan.doctor;

import io.caravan.http.RunningGateway;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.apache.camel.CamelContext;

/** Checks that Caravan can listen at its configured ports, or does so already. */
final class PortCheck {
  private final CamelContext context;

  PortCheck(CamelContext context) {
    this.context = context;
  }

  void examine(Report report) {
    check(report, "caravan.host", "caravan.port", "CARAVAN_PORT");
    check(report, "caravan.management-host", "caravan.management-port", "CARAVAN_MANAGEMENT_PORT");
  }

  private void check(Report report, String hostKey, String portKey, String setting) {
    String host = setting(hostKey);
    int port = Integer.parseInt(setting(portKey));
    String where = host + ":" + port;
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
      report.add(Finding.ok("port", where + " is free"));
    } catch (IOException e) {
      boolean main = portKey.equals("caravan.port");
      if (caravanRuns()) {
        report.add(Finding.ok("port", where + " is taken, by Caravan" + (main ? "" : " it seems")));
      } else {
        report.add(
            Finding.problem(
                "port",
                where + " can't be listened on: " + e.getMessage(),
                "set " + setting + " to a free one"));
      }
    }
  }

  private boolean caravanRuns() {
    boolean tls = Boolean.parseBoolean(setting("caravan.tls.enabled:false"));
    int port = Integer.parseInt(setting("caravan.port"));
    return RunningGateway.at(tls, setting("caravan.host"), port) != null;
  }

  private String setting(String key) {
    return context.resolvePropertyPlaceholders("{{" + key + "}}");
  }
}
