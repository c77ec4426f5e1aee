package io.caravan.attack;

import io.caravan.attack.Attack.Result;
import io.caravan.attack.Lab.Keys;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Attacks before any route: connections, bodies and heads. */
final class EdgeAttacks {
  private static final String HEAD =
      "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n%s\r\n\r\n";

  private static final int GOOD = 30;
  private static final int MANY_SESSIONS = 2000;
  private static final int MOST_KEPT_MB = 20;
  private static final int MODELS = 300;

  /** Each is followed by another request, which must not be answered. */
  private static final List<String> AMBIGUOUS =
      List.of(
          "POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
          "POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
          "POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
          "POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
          "POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
          "POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
          "POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n",
          "POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Length: +0\r\n\r\n",
          "GET /v1/models HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
          "GET /v1/models HTTP/1.1\r\nHost: user@localhost\r\n\r\n",
          "GET http://evil.example/v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n",
          "GET /v1/models HTTP/1.1\r\nHost: localhost\r\nx-api-key: wrong\r\nx-api-key: "
              + Keys.GOOD.text()
              + "\r\n\r\n",
          "GET /v1/models HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nOrigin: http://evil.example\r\n\r\n");

  private EdgeAttacks() {}

  static List<Attack> all() {
    return List.of(
        new Attack(
            "8 silent connections without a key announce 32 MB; good requests served",
            "0 of 30",
            lab -> silent(lab, 8, "/v1/messages", "Content-Length: 33554432")),
        new Attack(
            "the same by the telemetry path",
            "0 of 30",
            lab -> silent(lab, 8, "/api/event_logging/batch", "Content-Length: 33554432")),
        new Attack(
            "the same with Expect: 100-continue, 60 connections",
            "-",
            lab -> silent(lab, 60, "/nowhere", "Content-Length: 33554432\r\nExpect: 100-continue")),
        new Attack(
            "56 chunked bodies without a key",
            "15 end in OutOfMemoryError",
            lab -> silent(lab, 56, "/v1/messages/../../nowhere", "Transfer-Encoding: chunked")),
        new Attack(
            "56 chunked bodies of 31 MB, with a key",
            "OutOfMemoryError",
            EdgeAttacks::chunkedBodies),
        new Attack(
            "2,000 session ids of 30 KB; live heap more (MB)", "60", EdgeAttacks::longSessions),
        new Attack(
            "CL with TE, unknown TE, two Hosts, another host, keys twice; let through",
            "all",
            EdgeAttacks::ambiguousHeads),
        new Attack("GET /%zz", "500, a stack trace in the log", EdgeAttacks::invalidEscape),
        new Attack(
            "a foreign Host at the management port", "200", EdgeAttacks::foreignManagementHost),
        new Attack(
            "300 made-up models; lines beside those of requests", "300", EdgeAttacks::models),
        new Attack(
            "/demo/../v1/messages while the gateway stops; let through",
            "all",
            EdgeAttacks::drain));
  }

  private static Result silent(Lab lab, int connections, String path, String framing)
      throws Exception {
    String beginning = HEAD.formatted(path, framing) + (framing.contains("Expect") ? "" : "1\r\n{");
    Reconnecting silent = new Reconnecting(connections, lab.port(), beginning);
    int served = lab.served(GOOD);
    silent.end();
    return new Result(served + " of " + GOOD, served == GOOD && lab.isHealthy());
  }

  private static Result chunkedBodies(Lab lab) throws Exception {
    byte[] part = ("100000\r\n" + "x".repeat(1 << 20) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    String head =
        HEAD.formatted(
            "/v1/messages", "Transfer-Encoding: chunked\r\nx-api-key: " + Keys.MALLORY.text());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 56; i++) {
      Thread thread = new Thread(() -> sendParts(lab.port(), head, part));
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    boolean sound = lab.caravan().isAlive() && lab.isHealthy() && lab.isServed();
    return new Result(sound ? "serves on" : "the process is of no use", sound);
  }

  private static void sendParts(int port, String head, byte[] part) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      for (int i = 0; i < 31; i++) {
        socket.getOutputStream().write(part);
      }
      Thread.sleep(1000);
    } catch (IOException e) {
      // It is refused.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Result longSessions(Lab lab) throws Exception {
    long before = lab.heap();
    String session = "s".repeat(30_000);
    List<CompletableFuture<Integer>> statuses = new ArrayList<>();
    for (int i = 0; i < MANY_SESSIONS; i++) {
      HttpRequest request =
          lab.message(Keys.MALLORY, Lab.body("claude-sonnet", "Hi", 9, false))
              .header("x-claude-code-session-id", session + i)
              .build();
      statuses.add(
          lab.http()
              .sendAsync(request, HttpResponse.BodyHandlers.discarding())
              .thenApply(HttpResponse::statusCode));
      if (statuses.size() % 20 == 0) {
        statuses.get(statuses.size() - 1).join();
      }
    }
    long right = statuses.stream().filter(status -> status.join() == 200).count();
    long more = lab.heap() - before;
    return new Result(Long.toString(more), more < MOST_KEPT_MB && right == MANY_SESSIONS);
  }

  private static Result ambiguousHeads(Lab lab) throws Exception {
    String next =
        "GET /v1/models HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nx-api-key: "
            + Keys.GOOD.text()
            + "\r\n\r\n";
    int through = 0;
    for (String head : AMBIGUOUS) {
      String answers = lab.raw(lab.port(), head + next);
      boolean refused = answers.matches("(?s)HTTP/1\\.\\d 400 .*");
      through += refused && answers.split("HTTP/1\\.", -1).length == 2 ? 0 : 1;
    }
    return new Result(through + " of " + AMBIGUOUS.size(), through == 0);
  }

  private static Result invalidEscape(Lab lab) throws Exception {
    int logged = lab.log().length();
    String answer = lab.raw(lab.port(), "GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    boolean quiet = !lab.log().substring(logged).contains("\tat ");
    boolean json = answer.startsWith("HTTP/1.1 400 ") && answer.contains("invalid_request_error");
    return new Result(
        (json ? "JSON 400" : answer) + (quiet ? "" : ", a stack trace"), json && quiet);
  }

  private static Result foreignManagementHost(Lab lab) throws Exception {
    String answer =
        lab.raw(
            lab.caravan().managementPort(),
            "GET /observe/metrics HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    String page =
        lab.raw(
            lab.caravan().managementPort(),
            "GET /observe/metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://evil.example\r\nConnection: close\r\n\r\n");
    return new Result(
        answer.substring(9, 12),
        answer.startsWith("HTTP/1.1 403 ") && page.startsWith("HTTP/1.1 403 "));
  }

  private static Result models(Lab lab) throws Exception {
    long before = otherLines(lab);
    for (int i = 0; i < MODELS; i++) {
      String model = (i % 2 == 0 ? "nim/made/up-" : "made-up-") + i;
      lab.send(lab.message(Keys.MALLORY, Lab.body(model, "Hi", 9, false)));
    }
    long more = otherLines(lab) - before;
    return new Result(Long.toString(more), more < 5);
  }

  private static long otherLines(Lab lab) throws IOException {
    return lab.log().lines().filter(line -> !line.contains(" requests - ")).count();
  }

  /** The last attack on a lab, since it stops the gateway. */
  private static Result drain(Lab lab) throws Exception {
    Upstream.keepStreams();
    CompletableFuture<?> open =
        lab.http()
            .sendAsync(
                lab.message(Keys.GOOD, Lab.body("claude-sonnet", Upstream.STAY, 9, true)).build(),
                HttpResponse.BodyHandlers.ofString());
    while (Upstream.STAYING.get() == 0) {
      Thread.sleep(20);
    }
    lab.caravan().terminate();
    for (int i = 0; i < 200 && lab.isServed(); i++) {
      Thread.sleep(50);
    }
    int through = 0;
    List<String> paths =
        List.of(
            "/demo/../v1/messages",
            "/demo/%2e%2e/v1/messages",
            "/demo//../v1/messages",
            "/demo/v1/../../v1/messages");
    for (String path : paths) {
      String body = Lab.body("claude-sonnet", "Hi", 9, false);
      String head =
          HEAD.formatted(
              path,
              "Connection: close\r\nx-api-key: "
                  + Keys.GOOD.text()
                  + "\r\nContent-Length: "
                  + body.length());
      through += lab.raw(lab.port(), head + body).startsWith("HTTP/1.1 529 ") ? 0 : 1;
    }
    Upstream.goOn.complete(null);
    open.join();
    return new Result(through + " of " + paths.size(), through == 0);
  }
}
