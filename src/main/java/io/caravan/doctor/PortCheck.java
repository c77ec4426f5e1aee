package io.caravan.doctor;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URISyntaxException;
import org.apache.camel.CamelContext;

/** Whether Caravan can listen where it is told to, or does so already. */
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
    try {
      int port = Integer.parseInt(setting("caravan.port"));
      URI uri = new URI("http", null, setting("caravan.host"), port, "/api/hello", null, null);
      HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
      connection.setRequestMethod("HEAD");
      connection.setConnectTimeout(3_000);
      connection.setReadTimeout(3_000);
      return connection.getHeaderField("caravan-instance") != null;
    } catch (IOException | URISyntaxException e) {
      return false;
    }
  }

  private String setting(String key) {
    return context.resolvePropertyPlaceholders("{{" + key + "}}");
  }
}
