package io.caravan.testkit;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A request as the upstream got it, and how its answer went.
 *
 * @param connection number of the connection it came on, from 1: two requests with the same number
 *     shared a pooled connection
 * @param headers in the order they came, names as they came
 * @param receivedAt {@link System#nanoTime()} once the whole body was there
 * @param clientGone completes with the {@link System#nanoTime()} at which the client was seen to be
 *     gone, if that was before the script ended
 * @param finished completes when the script has run to its end, whatever its end is
 */
@SuppressWarnings("ArrayRecordComponent") // a record for its names: it is never compared
public record ReceivedRequest(
    int connection,
    String method,
    String target,
    List<Map.Entry<String, String>> headers,
    byte[] body,
    long receivedAt,
    CompletableFuture<Long> clientGone,
    CompletableFuture<Void> finished) {

  static ReceivedRequest of(int connection, HttpRequestReader.Request request) {
    return new ReceivedRequest(
        connection,
        request.method(),
        request.target(),
        request.headers(),
        request.body(),
        System.nanoTime(),
        new CompletableFuture<>(),
        new CompletableFuture<>());
  }

  /** A client that goes after its answer is complete has not given up. */
  void clientWentAt(long nanoTime) {
    if (!finished.isDone()) {
      clientGone.complete(nanoTime);
    }
  }

  /** The first header of that name in any case, or null. */
  public String header(String name) {
    return headers.stream()
        .filter(header -> header.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }

  /** The body as text. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** The path without the query string. */
  public String path() {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  /** Whether it asks for a chat completion. */
  public boolean isCompletion() {
    return method.equals("POST") && path().endsWith("/chat/completions");
  }

  /** Whether the client has been seen to give up before the answer ended. */
  public boolean wasAborted() {
    return clientGone.isDone();
  }
}
