package io.caravan.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kafka:topic?brokers=a:9092&saslJaasConfig=x required password=\"canary\";|kafka:topic?••••••",
        "direct:keep-recording|direct:keep-recording",
        "http://ann:canary@host/in?key=canary|http://••••••@host/in?••••••",
        "http://host/in|http://host/in",
        "7d|7d",
        "why?|why?",
      })
  void aUriShowsNeitherUserNorOptions(String value, String shown) {
    assertThat(Settings.masked("caravan.record.to", value, value)).isEqualTo(shown);
  }
}
