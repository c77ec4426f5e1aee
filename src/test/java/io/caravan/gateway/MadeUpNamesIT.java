package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.exchange.Conversations;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import io.caravan.testkit.Slow;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Tests that names which clients make up (models, keys, sessions, agents) are not kept without a
 * bound: after more of them than any bound allows, no class of Caravan has an object for each.
 */
@Timeout(240)
@Slow
class MadeUpNamesIT {
  private static final int NAMES = 12_000;
  private static final int AT_ONCE = 48;

  /** The largest bound of a cache by models; a session's are smaller. */
  private static final long LARGEST_BOUND = 10_500;

  private static final Pattern LINE =
      Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+(io\\.caravan\\.\\S+)(?: \\(.*)?");

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void namesThatClientsMakeUpAreForgotten() throws Exception {
    try (ScriptedUpstream upstream =
            ScriptedUpstream.start().answer(request -> Script.says("Hello")).recordNothing();
        Gateway gateway =
            Gateway.before(
                upstream,
                "caravan.model.default",
                "nim/first/model",
                "caravan.console.requests",
                "100",
                "caravan.hedge.enabled",
                "true",
                "caravan.metrics.per-key",
                "true")) {
      // The bound of 500,000 messages is for conversations of hundreds; here each has one.
      gateway
          .context()
          .getRegistry()
          .findSingleByType(Conversations.class)
          .setPrefixMessages(LARGEST_BOUND);
      for (int i = 0; i < NAMES; i += AT_ONCE) {
        List<CompletableFuture<Integer>> asked = new ArrayList<>();
        for (int j = i; j < i + AT_ONCE; j++) {
          asked.add(ask(gateway, j));
        }
        for (CompletableFuture<Integer> each : asked) {
          assertThat(each.get()).isEqualTo(200);
        }
      }
      gateway.awaitNothingOpen();

      MeterRegistry meters = gateway.context().getRegistry().findSingleByType(MeterRegistry.class);
      assertThat(meters.getMeters())
          .filteredOn(meter -> meter.getId().getName().startsWith("caravan_"))
          .hasSizeLessThan(300);
      Map<String, Long> objects = objects();
      assertThat(objects).isNotEmpty();
      assertThat(objects)
          .allSatisfy((name, number) -> assertThat(number).as(name).isLessThan(LARGEST_BOUND));
    }
  }

  private CompletableFuture<Integer> ask(Gateway gateway, int i) {
    String body =
        "{\"model\":\"nim/made-up/model-%d\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hi %d\"}]}"
            .formatted(i, i);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(gateway.url() + "/v1/messages"))
            .header("content-type", "application/json")
            .header("x-api-key", "key-" + i)
            .header("x-claude-code-session-id", "session-" + i)
            .header("x-claude-code-agent-id", "agent-" + i)
            .header("user-agent", "software-" + i)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return http.sendAsync(request, HttpResponse.BodyHandlers.discarding())
        .thenApply(HttpResponse::statusCode);
  }

  /** Returns the number of live objects of each of Caravan's classes. */
  private static Map<String, Long> objects() throws Exception {
    String histogram =
        (String)
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram",
                    new Object[] {new String[0]},
                    new String[] {String[].class.getName()});
    Map<String, Long> objects = new TreeMap<>();
    histogram
        .lines()
        .forEach(
            line -> {
              Matcher matcher = LINE.matcher(line);
              if (matcher.matches()) {
                objects.put(matcher.group(2), Long.parseLong(matcher.group(1)));
              }
            });
    return objects;
  }
}
