package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import io.caravan.testkit.Warnings;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests Claude Code's own WebSearch request with each of the bundled search services. */
class SearchServicesIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String REQUEST =
      """
      {"model":"claude-sonnet","max_tokens":100,"stream":false,"messages":[{"role":"user","content":\
      "Perform a web search for the query: größe a&b=c"}],\
      "tools":[{"type":"web_search_20250305","name":"web_search","max_uses":8,\
      "blocked_domains":["spam.example"]}],"tool_choice":{"type":"tool","name":"web_search"}}""";

  private static ScriptedUpstream upstream;
  private static ScriptedUpstream service;

  @BeforeAll
  static void start() {
    upstream = ScriptedUpstream.start();
    service = ScriptedUpstream.start();
  }

  @AfterAll
  static void stop() {
    service.close();
    upstream.close();
  }

  static Stream<Arguments> services() {
    String at = "http://127.0.0.1:" + service.port();
    String links =
        """
        [{"title":"A & B","url":"https://a.example/x","%s":"About it.","%s":"2 days ago"},\
        {"title":"Spam","url":"https://www.spam.example/","%1$s":"Buy."}]""";
    return Stream.of(
        Arguments.of(
            Map.of("caravan.web-search.searxng-url", at),
            "{\"results\":" + links.formatted("content", "publishedDate") + "}",
            List.of("/search?", "format=json", "q=gr%C3%B6%C3%9Fe+a%26b%3Dc+-site%3Aspam.example"),
            List.of()),
        Arguments.of(
            Map.of(
                "caravan.web-search.brave-key", "k-1", "caravan.web-search.brave-url", at + "/b"),
            "{\"web\":{\"results\":" + links.formatted("description", "age") + "}}",
            List.of("/b?", "count=10", "q=gr%C3%B6%C3%9Fe+a%26b%3Dc+-site%3Aspam.example"),
            List.of("x-subscription-token", "k-1")),
        Arguments.of(
            Map.of(
                "caravan.web-search.tavily-key", "k-2", "caravan.web-search.tavily-url", at + "/t"),
            "{\"results\":" + links.formatted("content", "published_date") + "}",
            List.of("/t"),
            List.of("authorization", "Bearer k-2")));
  }

  @ParameterizedTest
  @MethodSource("services")
  void claudeCodesSearchGetsTheLinks(
      Map<String, String> settings, String found, List<String> target, List<String> header)
      throws Exception {
    service.forget();
    upstream.forget();
    service.answerElse(request -> Script.json(200, found, "Set-Cookie: a=b"));
    String[] flat =
        settings.entrySet().stream()
            .flatMap(each -> Stream.of(each.getKey(), each.getValue()))
            .toArray(String[]::new);
    try (Warnings warnings = Warnings.listen();
        Gateway gateway = Gateway.before(upstream, flat)) {
      var response = gateway.post("/v1/messages", REQUEST);

      JsonNode content = JSON.readTree(response.body()).get("content");
      JsonNode links = content.get(1).get("content");
      assertThat(links).as("%s %s", response.body(), warnings.lines()).hasSize(1);
      assertThat(links.get(0).get("title").asText()).isEqualTo("A & B");
      assertThat(links.get(0).get("url").asText()).isEqualTo("https://a.example/x");
      assertThat(links.get(0).get("page_age").asText()).isEqualTo("2 days ago");
      assertThat(content.get(2).get("text").asText()).contains("About it.", "https://a.example/x");
      assertThat(response.headers().map()).doesNotContainKey("set-cookie");
    }
    assertThat(upstream.completions()).isEmpty();
    ReceivedRequest request = service.everything().get(0);
    assertThat(request.target()).contains(target);
    if (!header.isEmpty()) {
      assertThat(request.header(header.get(0))).isEqualTo(header.get(1));
    }
    if (request.method().equals("POST")) {
      JsonNode body = JSON.readTree(request.text());
      assertThat(body.get("query").asText()).isEqualTo("größe a&b=c");
      assertThat(body.get("max_results").asInt()).isEqualTo(10);
      assertThat(body.get("exclude_domains").get(0).asText()).isEqualTo("spam.example");
    }
  }
}
