package io.caravan.testkit;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A request as the upstream received it, and the outcome of its response.
 *
 * @param connection the number of its connection, from 1: two requests with the same number shared
 *     a pooled connection
 * @param headers the headers in their order, with unchanged names
 * @param receivedAt the {@link System#nanoTime()} at which the whole body had arrived
 * @param clientGone completes with the {@link System#nanoTime()} at which the client left, if that
 *     was before the script ended
 * @param finished completes when the script has ended in any way
 */
@SuppressWarnings("ArrayRecordComponent") // the record is never compared
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

  /** Records that the client left, unless its response was complete. */
  void clientWentAt(long nanoTime) {
    if (!finished.isDone()) {
      clientGone.complete(nanoTime);
    }
  }

  /** Returns the first header of that name, in upper or lower case, or null. */
  public String header(String name) {
    return headers.stream()
        .filter(header -> header.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }

  /** Returns the body as text. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** Returns the path without the query string. */
  public String path() {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  /** Returns whether it requests a chat completion. */
  public boolean isCompletion() {
    return method.equals("POST") && path().endsWith("/chat/completions");
  }

  /** Returns whether the client left before the response ended. */
  public boolean wasAborted() {
    return clientGone.isDone();
  }
}
