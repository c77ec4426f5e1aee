package io.caravan.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DomainsTest {
  @ParameterizedTest
  @CsvSource({
    "example.com, https://example.com/a, true",
    "example.com, https://docs.example.com/a, true",
    "example.com, https://notexample.com/a, false",
    "docs.example.com, https://example.com/a, false",
    "Example.COM, https://EXAMPLE.com, true",
    "example.com/blog, https://example.com/blog/1, true",
    "example.com/blog, https://example.com/news, false",
    "example.com/*/articles, https://example.com/en/articles/1, true",
    "example.com/*/articles, https://example.com/en/news, false",
    "example.com, https://example.com@evil.example/, false",
    "example.com, not a url, false",
  })
  void allowsWhatIsListedAndBlocksTheSame(String domain, String url, boolean covered) {
    assertThat(new Domains(List.of(domain), List.of()).allow(url)).isEqualTo(covered);
    boolean readable = !url.contains(" ");
    assertThat(new Domains(List.of(), List.of(domain)).allow(url)).isEqualTo(readable && !covered);
  }
}
