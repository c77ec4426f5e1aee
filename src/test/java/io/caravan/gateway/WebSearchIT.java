package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.corpus.Grammar;
import io.caravan.corpus.SseEvents;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests Claude Code's web search, which is a separate request (seen with 2.1.330). */
class WebSearchIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SEARCH =
      "{\"model\":\"claude-sonnet\",\"max_tokens\":100,%s\"messages\":[{\"role\":\"user\",\"content\":"
          + "\"Perform a web search for the query: apache camel\"}],"
          + "\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"web_search\",\"max_uses\":8}%s]}";
  private static final String WHOLE = SEARCH.formatted("", "");

  private static ScriptedUpstream upstream;
  private static Gateway gateway;
  private static Gateway searching;

  @BeforeAll
  static void start() throws Exception {
    upstream = ScriptedUpstream.start();
    gateway = Gateway.before(upstream);
    searching = Gateway.before(upstream, "caravan.web-search.route", "seda:search?timeout=5000");
    searching
        .context()
        .addRoutes(
            new RouteBuilder() {
              @Override
              public void configure() {
                from("seda:search").errorHandler(noErrorHandler()).process(WebSearchIT::search);
              }
            });
  }

  private static void search(Exchange exchange) {
    String query = exchange.getMessage().getBody(String.class);
    if (!query.equals("apache camel")) {
      throw new IllegalStateException("no such query");
    }
    Map<String, String> found =
        Map.of("title", "Camel", "url", "https://camel.apache.org", "content", "Integration.");
    exchange.getMessage().setBody(List.of(found));
  }

  @AfterAll
  static void stop() {
    searching.close();
    gateway.close();
    upstream.close();
  }

  @BeforeEach
  void forget() {
    upstream.forget();
  }

  @Test
  void withoutASearchTheBlockSaysSo() throws Exception {
    JsonNode content = JSON.readTree(gateway.post("/v1/messages", WHOLE).body()).get("content");

    assertThat(content.get(0).get("type").asText()).isEqualTo("server_tool_use");
    assertThat(content.get(0).get("input").get("query").asText()).isEqualTo("apache camel");
    assertThat(content.get(1).get("tool_use_id")).isEqualTo(content.get(0).get("id"));
    assertThat(content.get(1).get("content").get("error_code").asText()).isEqualTo("unavailable");
    assertThat(upstream.completions()).isEmpty();
  }

  @Test
  void theEventsAreAValidMessage() throws Exception {
    String stream = gateway.post("/v1/messages", SEARCH.formatted("\"stream\":true,", "")).body();

    List<String> faults = new ArrayList<>();
    Grammar.check(SseEvents.parse(stream, faults), faults);
    assertThat(faults).isEmpty();
    assertThat(stream).contains("web_search_tool_result_error");
  }

  @Test
  void aRouteFindsTheLinks() throws Exception {
    JsonNode content = JSON.readTree(searching.post("/v1/messages", WHOLE).body()).get("content");

    JsonNode result = content.get(1).get("content").get(0);
    assertThat(result.get("type").asText()).isEqualTo("web_search_result");
    assertThat(result.get("url").asText()).isEqualTo("https://camel.apache.org");
    assertThat(content.get(2).get("text").asText()).contains("Integration.");
  }

  @Test
  void aRouteThatFailsIsNoSearch() throws Exception {
    String other = WHOLE.replace("apache camel", "something else");

    assertThat(searching.post("/v1/messages", other).body()).contains("unavailable");
  }

  @Test
  void besideOtherToolsItIsLeftOutAndReported() throws Exception {
    upstream.enqueue(Script.says("ok"));
    String both =
        SEARCH.formatted(
            "", ",{\"name\":\"Bash\",\"input_schema\":{\"type\":\"object\",\"properties\":{}}}");

    var answer = gateway.post("/v1/messages", both);

    assertThat(answer.headers().firstValue("caravan-lossy")).hasValue("server_tool=1");
    assertThat(upstream.completions().get(0).text()).doesNotContain("web_search");
  }
}
