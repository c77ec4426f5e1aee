package io.caravan.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ProviderTest {
  private final Provider provider = new Provider();

  @Test
  void putsThePathBehindTheBaseUrl() {
    provider.setBaseUrl("http://localhost:11434/v1/");
    assertThat(provider.url()).isEqualTo("http://localhost:11434/v1/chat/completions");
    provider.setProtocol(Provider.ANTHROPIC);
    assertThat(provider.url()).isEqualTo("http://localhost:11434/v1/messages");
    provider.setPath("/other");
    assertThat(provider.url()).isEqualTo("http://localhost:11434/v1/other");
  }

  @Test
  void isADemonstrationUntilItHasAUrlOrAKeyAndHostedOnlyAtItsOwnUrl() {
    provider.setDefaultBaseUrl("https://hosted.example/v1");
    provider.setDemoBaseUrl("http://127.0.0.1/demo");
    assertThat(provider.demonstration()).isTrue();
    assertThat(provider.hosted()).isFalse();
    assertThat(provider.getBaseUrl()).isEqualTo("http://127.0.0.1/demo");

    provider.setApiKey("key");
    assertThat(provider.demonstration()).isFalse();
    assertThat(provider.hosted()).isTrue();
    assertThat(provider.getBaseUrl()).isEqualTo("https://hosted.example/v1");

    provider.setBaseUrl("https://Hosted.example/v1/");
    assertThat(provider.hosted()).isTrue();

    provider.setBaseUrl("http://own:8000/v1");
    provider.setApiKey("");
    assertThat(provider.demonstration()).isFalse();
    assertThat(provider.hosted()).isFalse();
  }

  @Test
  void readsHeadersOneALine() {
    provider.setHeaders("X-Title: Caravan\n\n HTTP-Referer : https://example.org:1/a, b \n");
    assertThat(provider.headerMap())
        .isEqualTo(Map.of("X-Title", "Caravan", "HTTP-Referer", "https://example.org:1/a, b"));
    provider.setHeaders(null);
    assertThat(provider.headerMap()).isEmpty();
  }

  @Test
  void refusesAHeaderWithoutAColonAndDoesNotQuoteIt() {
    provider.setName("nim");
    provider.setHeaders("Authorization Bearer secret");
    assertThatThrownBy(provider::headerMap)
        .hasMessageContaining("nim")
        .hasMessageNotContaining("secret");
  }

  @Test
  void readsTheNamesOfForwardedHeaders() {
    provider.setForwardHeaders("anthropic-version, anthropic-beta,,traceparent ");
    assertThat(provider.forwardHeaderNames())
        .containsExactly("anthropic-version", "anthropic-beta", "traceparent");
  }

  @Test
  void everyKeyOfAListIsASecret() {
    provider.setName("nim");
    provider.setApiKey(" nvapi-first , second-key,, nvapi-first");
    provider.setHeaders("x-own-token: third");

    assertThat(provider.keys())
        .extracting(UpstreamKey::secret)
        .containsExactly("nvapi-first", "second-key");
    assertThat(provider.keys()).extracting(UpstreamKey::name).containsExactly("nim", "nim#2");
    assertThat(provider.keys()).hasToString("[nim, nim#2]");
    assertThat(provider.secrets()).containsExactlyInAnyOrder("nvapi-first", "second-key", "third");
    assertThat(provider.callKey()).isEqualTo("nvapi-first");
    assertThat(provider.getApiKey()).isEqualTo("********");
  }

  @Test
  void findsAPathBesideItsBaseUrl() {
    provider.setBaseUrl("http://localhost:11434/v1/");
    assertThat(provider.relativeUrl("../api/show")).isEqualTo("http://localhost:11434/api/show");
    assertThat(provider.relativeUrl(" ")).isNull();
  }
}
