package io.caravan.replay;

import io.caravan.limits.upstream.Circuits;
import io.caravan.limits.upstream.Cooldowns;
import io.caravan.provider.Provider;
import io.caravan.record.CaseFile;
import io.caravan.record.RecordExchange;
import io.caravan.record.Recording;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;

/** Replays one exchange after the other through a started application. */
final class ReplayedExchange {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration FOR_NOW = Duration.ofMinutes(5);

  private final HttpClient http = HttpClient.newHttpClient();
  private final BlockingQueue<Recording> recordings = new LinkedBlockingQueue<>();
  private final ReplayedUpstream upstream;
  private final RecordedState state;
  private final Cooldowns cooldowns;
  private final Circuits circuits;
  private final URI url;

  /**
   * Makes a replay.
   *
   * @param recorder the step that records; null if the routes have none
   */
  ReplayedExchange(
      CamelContext context,
      RecordExchange recorder,
      ReplayedUpstream upstream,
      RecordedState state) {
    if (recorder == null) {
      throw new IllegalStateException("the application has no bean recordExchange");
    }
    this.upstream = upstream;
    this.state = state;
    cooldowns = context.getRegistry().findSingleByType(Cooldowns.class);
    circuits = context.getRegistry().findSingleByType(Circuits.class);
    recorder.setListener(recordings::add);
    context
        .getRegistry()
        .findByType(Provider.class)
        .forEach(provider -> provider.setBaseUrl(upstream.url()));
    url = URI.create("http://127.0.0.1:" + port(context) + "/v1/messages");
  }

  private static int port(CamelContext context) {
    return context.getRegistry().findByType(VertxPlatformHttpRouter.class).stream()
        .filter(VertxPlatformHttpRouter::isMainServer)
        .findFirst()
        .orElseThrow()
        .getServer()
        .getServer()
        .actualPort();
  }

  /**
   * Replays an exchange and returns what is recorded of it now.
   *
   * @throws IllegalStateException if the request did not pass the step that records
   */
  CaseFile replay(CaseFile recorded) throws IOException, InterruptedException {
    if (recorded.value("request-id") == null) {
      throw new IllegalArgumentException("this case is no recording: it has no request-id");
    }
    recordings.clear();
    state.set(recorded);
    upstream.say(recorded.all("upstream"));
    pauses(recorded);
    HttpResponse<byte[]> response =
        http.send(request(recorded), HttpResponse.BodyHandlers.ofByteArray());
    Recording again = recordings.poll(10, TimeUnit.SECONDS);
    if (again == null) {
      throw new IllegalStateException(
          "the response has status "
              + response.statusCode()
              + " and has not passed the step record, which an older copy of messages.camel.yaml"
              + " does not have");
    }
    return CaseFile.of(again);
  }

  /** Forgets the failures of the exchange before, and skips the models that were skipped then. */
  private void pauses(CaseFile recorded) {
    cooldowns.clear();
    circuits.clear();
    for (String model : recorded.values("passed-over")) {
      cooldowns.failed(model, FOR_NOW);
    }
  }

  private HttpRequest request(CaseFile recorded) {
    List<String> headers = new ArrayList<>(List.of("content-type", "application/json"));
    header(headers, "x-claude-code-session-id", recorded.value("session"));
    header(headers, "x-claude-code-agent-id", recorded.value("agent"));
    header(headers, "anthropic-version", recorded.value("anthropic-version"));
    header(headers, "anthropic-beta", recorded.value("anthropic-beta"));
    header(headers, "user-agent", recorded.value("user-agent"));
    return HttpRequest.newBuilder(url)
        .timeout(LIMIT)
        .headers(headers.toArray(String[]::new))
        .POST(HttpRequest.BodyPublishers.ofByteArray(recorded.request()))
        .build();
  }

  private static void header(List<String> headers, String name, String value) {
    if (value != null) {
      headers.add(name);
      headers.add(value);
    }
  }
}
