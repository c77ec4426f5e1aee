package io.caravan.conformance;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The gateway under test, as a client of Anthropic's API sees it. */
final class Gateway {
  /**
   * A whole response.
   *
   * @param status the status, or 0 if the connection broke before the response was complete
   * @param body the body, or the fault of the connection
   */
  record Answer(int status, String contentType, String body) {
    boolean isStream() {
      return status == 200 && contentType.startsWith("text/event-stream");
    }
  }

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final URI messages;
  private final String key;

  Gateway(String url, String key) {
    this.messages = URI.create(url.replaceFirst("/$", "") + "/v1/messages");
    this.key = key;
  }

  Answer post(String body) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(messages)
            .timeout(LIMIT)
            .header("content-type", "application/json")
            .header("anthropic-version", "2023-06-01")
            .header("x-api-key", key)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> response =
          client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      return new Answer(
          response.statusCode(),
          response.headers().firstValue("content-type").orElse("none"),
          response.body());
    } catch (IOException e) {
      return new Answer(0, "none", "the connection to the gateway broke: " + e.getMessage());
    }
  }
}
