package io.caravan.runtimes;

import io.caravan.testkit.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** An nginx in front of replicas, with the usual settings for streams. */
final class Nginx implements AutoCloseable {
  private static final int LOOK_MILLIS = 20;

  private final Process process;
  private final Path work;
  private final int port;

  private Nginx(Process process, Path work, int port) {
    this.process = process;
    this.work = work;
    this.port = port;
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  /** Starts one, and waits until it takes connections. */
  static Nginx start(String command, Path work, String... replicas)
      throws IOException, InterruptedException {
    int port = Ports.free();
    configure(work, port, replicas);
    Process process =
        new ProcessBuilder(
                command,
                "-e",
                work.resolve("nginx.log").toString(),
                "-c",
                work.resolve("nginx.conf").toString())
            .inheritIO()
            .start();
    while (process.isAlive() && !listens(port)) {
      Thread.sleep(LOOK_MILLIS);
    }
    return new Nginx(process, work, port);
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** Sends new requests to these replicas only; those under way go on where they are. */
  void use(String... replicas) throws IOException, InterruptedException {
    configure(work, port, replicas);
    new ProcessBuilder("kill", "-HUP", Long.toString(process.pid())).start().waitFor();
  }

  private static void configure(Path work, int port, String... replicas) throws IOException {
    String servers =
        Arrays.stream(replicas)
            .map(url -> "server " + URI.create(url).getAuthority() + ";")
            .collect(Collectors.joining(" "));
    String conf =
        """
        daemon off;
        pid %1$s/nginx.pid;
        error_log %1$s/nginx.log;
        events { worker_connections 4096; }
        http {
          access_log off;
          client_body_temp_path %1$s/body;
          proxy_temp_path %1$s/proxy;
          fastcgi_temp_path %1$s/fastcgi;
          uwsgi_temp_path %1$s/uwsgi;
          scgi_temp_path %1$s/scgi;
          upstream replicas { %3$s }
          server {
            listen 127.0.0.1:%2$d;
            client_max_body_size 32m;
            # Started by root its workers are nobody's, who may not write below a private directory.
            client_body_buffer_size 32m;
            location / {
              proxy_pass http://replicas;
              proxy_http_version 1.1;
              proxy_set_header Host $host;
              proxy_set_header Connection "";
              # A token is passed on as it comes, and a stream may be silent for long.
              proxy_buffering off;
              proxy_read_timeout 3600s;
            }
          }
        }
        """
            .formatted(work, port, servers);
    Files.writeString(work.resolve("nginx.conf"), conf);
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
