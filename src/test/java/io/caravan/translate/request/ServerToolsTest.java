package io.caravan.translate.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.anthropic.Tool;
import org.junit.jupiter.api.Test;

class ServerToolsTest {
  private static final String REQUEST =
      """
      {"model":"m","messages":[{"role":"user","content":"Hi"}],"tools":[TOOLS]}
      """;

  @Test
  void findsTheWebSearchOfARequest() {
    String search = "{\"type\":\"web_search_20250305\",\"name\":\"web_search\",\"max_uses\":8}";
    assertThat(ServerTools.webSearch(Translations.read(REQUEST.replace("TOOLS", search))))
        .map(Tool::type)
        .contains("web_search_20250305");
  }

  @Test
  void takesAToolOfTheClientsOwnForNoWebSearch() {
    String own = "{\"name\":\"web_search_mine\",\"input_schema\":{}}";
    assertThat(ServerTools.webSearch(Translations.read(REQUEST.replace("TOOLS", own)))).isEmpty();
  }
}
