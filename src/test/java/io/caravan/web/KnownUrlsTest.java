package io.caravan.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.RequestReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KnownUrlsTest {
  private static MessagesRequest request(String messages) {
    String json = "{\"model\":\"m\",\"messages\":[" + messages.replace('\'', '"') + "]}";
    return new RequestReader().read(json.getBytes(StandardCharsets.UTF_8));
  }

  private static KnownUrls said(String text) {
    return new KnownUrls(request("{'role':'user','content':'" + text + "'}").messages());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Read https://camel.apache.org/news?x=1#top. | https://camel.apache.org/news?x=1",
        "Read (https://camel.apache.org/news) please | https://camel.apache.org/news",
        "see [it](https://a.example/b_c) | https://a.example/b_c",
        "camel.apache.org/news/ | https://camel.apache.org/news",
        "HTTPS://Camel.Apache.ORG/News | https://camel.apache.org/News",
        "http://a.example:8080/x, y | http://a.example:8080/x",
      })
  void knowsWhatTheUserHasWritten(String text, String url) {
    assertThat(said(text).contain(url)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example/?k=secret",
        "https://a.example/page?k=secret",
        "https://a.example/page/secret",
        "https://a.example/Page",
        "https://secret.a.example/page",
        "https://a.example@evil.example/page",
        "https://a.example.evil.example/page",
      })
  void knowsNothingThatTheModelMakesUp(String url) {
    assertThat(said("Read https://a.example/page and tell me.").contain(url)).isFalse();
  }

  @Test
  void knowsEarlierResults() {
    KnownUrls known =
        new KnownUrls(
            request(
                    """
                    {'role':'user','content':'Hi'},{'role':'assistant','content':[\
                    {'type':'server_tool_use','id':'srvtoolu_1','name':'web_search','input':{}},\
                    {'type':'web_search_tool_result','tool_use_id':'srvtoolu_1','content':[\
                    {'type':'web_search_result','url':'https://a.example/1','title':'T','encrypted_content':''}]},\
                    {'type':'web_fetch_tool_result','tool_use_id':'srvtoolu_2','content':\
                    {'type':'web_fetch_result','url':'https://b.example/2','content':{'type':'document',\
                    'source':{'type':'text','media_type':'text/plain','data':'[x](https://c.example/3)'}}}}]}""")
                .messages());

    assertThat(known.contain("https://a.example/1")).isTrue();
    assertThat(known.contain("https://b.example/2")).isTrue();
    assertThat(known.contain("https://c.example/3")).isTrue();
    assertThat(known.contain("https://c.example/4")).isFalse();
  }

  @Test
  void knowsNothingOfWhatTheClientsToolsOrTheModelSaid() {
    KnownUrls known =
        new KnownUrls(
            request(
                    """
                    {'role':'user','content':'Hi'},{'role':'assistant','content':[\
                    {'type':'text','text':'https://a.example/1'},\
                    {'type':'tool_use','id':'t','name':'Read','input':{}}]},\
                    {'role':'user','content':[{'type':'tool_result','tool_use_id':'t',\
                    'content':'https://b.example/2'}]}""")
                .messages());

    assertThat(known.contain("https://a.example/1")).isFalse();
    assertThat(known.contain("https://b.example/2")).isFalse();
  }

  @Test
  void learnsTheResultsOfTheMessageItself() {
    KnownUrls known = said("Hi");
    known.addContent(List.of(Map.of("url", "https://a.example/1")));

    assertThat(known.contain("https://a.example/1")).isTrue();
  }

  @Test
  void aLongTextIsReadQuickly() {
    KnownUrls known = said("a".repeat(200_000) + ".b-".repeat(50_000));

    assertThat(known.contain("https://a.example/1")).isFalse();
  }
}
