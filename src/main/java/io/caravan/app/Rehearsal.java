package io.caravan.app;

import io.caravan.http.RunningGateway;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;

/**
 * {@code rehearse}: serves on ports of its own, answers some requests of its own by the
 * demonstration upstream, and ends. A JVM that is told to keep what it has loaded
 * (docs/performance.md) then has the classes of a start and of the first responses.
 */
public final class Rehearsal {
  private static final String HOST = "127.0.0.1";
  private static final int ROUNDS = 5;
  private static final int FAULT = 1;

  private static final String MESSAGE =
      """
      {"model":"nim/demonstration","max_tokens":100,"stream":%s,"system":"Be brief.",\
      "tools":[{"name":"Read","description":"Reads.","input_schema":{"type":"object","properties":{"path":{"type":"string"}}}}],\
      "messages":[{"role":"user","content":[{"type":"text","text":"Rehearsal %d."}]}]}""";

  private final Main camel;
  private final PrintStream err;

  /**
   * Makes a rehearsal.
   *
   * @param camel the application, which has not started
   */
  public Rehearsal(Main camel, PrintStream err) {
    this.camel = camel;
    this.err = err;
  }

  /** Runs it; returns the exit code. */
  public int run() throws Exception {
    int port = freePort();
    int management = freePort();
    camel.setOverrideProperties(settings(port, management));
    camel.addMainListener(
        new MainListenerSupport() {
          @Override
          public void beforeInitialize(BaseMainSupport main) {
            // Otherwise a variable such as CARAVAN_PORT comes before what is set here.
            if (main.getCamelContext().getPropertiesComponent()
                instanceof PropertiesComponent properties) {
              properties.setEnvironmentVariableMode(
                  PropertiesComponent.ENVIRONMENT_VARIABLES_MODE_NEVER);
            }
          }
        });
    camel.start();
    try {
      for (int round = 0; round < ROUNDS; round++) {
        call(port, "/v1/messages", MESSAGE.formatted("true", round));
        call(port, "/v1/messages", MESSAGE.formatted("false", round));
      }
      call(port, "/v1/models", null);
      call(management, "/observe/health", null);
      return 0;
    } catch (IOException e) {
      err.println("The rehearsal has failed: " + Faults.inOneLine(e));
      return FAULT;
    } finally {
      camel.stop();
    }
  }

  /** Whatever is configured, nothing is called but the demonstration upstream. */
  private static Properties settings(int port, int management) {
    Properties settings = new Properties();
    settings.put("caravan.host", HOST);
    settings.put("caravan.port", String.valueOf(port));
    settings.put("caravan.management-host", HOST);
    settings.put("caravan.management-port", String.valueOf(management));
    settings.put("caravan.allowed-hosts", HOST);
    settings.put("caravan.api-keys", "");
    settings.put("caravan.nim.base-url", "");
    settings.put("caravan.nim.api-key", "");
    settings.put("caravan.models.list", "false");
    settings.put("caravan.demo.delay", "0");
    return settings;
  }

  private static void call(int port, String path, String body) throws IOException {
    HttpURLConnection connection = RunningGateway.open(false, HOST, port, path);
    if (body != null) {
      connection.setRequestProperty("content-type", "application/json");
      connection.setDoOutput(true);
      try (OutputStream out = connection.getOutputStream()) {
        out.write(body.getBytes(StandardCharsets.UTF_8));
      }
    }
    try (InputStream in = connection.getInputStream()) {
      in.readAllBytes();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
