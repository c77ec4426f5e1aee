package io.caravan.limits.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.testkit.Ports;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

/** A real redis-server on loopback, without persistence: when stopped, it loses its data. */
public final class RedisServer implements AutoCloseable {
  private final int port;
  private Process process;

  private RedisServer(int port) {
    this.port = port;
  }

  /** Starts a server; without the program, the test fails in CI and is skipped elsewhere. */
  public static RedisServer started() throws IOException {
    RedisServer server = new RedisServer(Ports.free());
    server.start();
    return server;
  }

  /** Returns a server that is not running. */
  public static RedisServer stopped() throws IOException {
    return new RedisServer(Ports.free());
  }

  public void start() throws IOException {
    List<String> command =
        List.of(
            "redis-server",
            "--port",
            Integer.toString(port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no");
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    while (line != null && !line.contains("Ready to accept connections")) {
      line = out.readLine();
    }
    assertThat(line).as("redis-server has started on port " + port).isNotNull();
  }

  /** Kills the process, which can't react to that. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Stops the process as a debugger would: connections stay open without answers. */
  public void freeze() throws IOException, InterruptedException {
    signal("-STOP");
  }

  public void thaw() throws IOException, InterruptedException {
    signal("-CONT");
  }

  private void signal(String signal) throws IOException, InterruptedException {
    int exit = new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
    assertThat(exit).isZero();
  }

  public String url() {
    return "redis://127.0.0.1:" + port;
  }

  <T> T ask(Function<RedisCommands<String, String>, T> question) {
    RedisClient client = RedisClient.create(url());
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      return question.apply(connection.sync());
    } finally {
      client.shutdown();
    }
  }

  @Override
  public void close() {
    if (process != null) {
      kill();
    }
  }
}
