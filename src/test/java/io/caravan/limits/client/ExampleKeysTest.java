package io.caravan.limits.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExampleKeysTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "change-me",
        "CHANGE_ME",
        "changeme",
        "Change-Me!",
        "change-this-key",
        "replace-me",
        "replace-with-your-key",
        "<your-key>",
        "<client key>",
        "your-api-key-here",
        "YOUR_KEY",
        "my-secret-key",
        "put-your-key-here",
        "sk-xxxxxxxx",
        "nvapi-…",
        "sk-...",
        "sk-ant-***",
        "nvapi-xxxx",
        "nvapi-your-key",
        "placeholder",
        "TODO",
        "test",
        "secret",
        "password",
        "example-key",
        "dummy",
        "123456",
        "any"
      })
  void refusesWhatDocumentsShow(String key) {
    assertThat(ExampleKeys.contain(key)).isTrue();
    assertThatThrownBy(() -> new ClientKeys().setKeys("a-good-and-long-key, " + key))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("CARAVAN_API_KEYS")
        .message()
        .doesNotContain("a-good");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "key-one",
        "ann",
        "sk-ant-api03-2l8Qv0Wc",
        "nvapi-8sDk2mA1xxQ",
        "changed-yesterday",
        "testimony-of-7-words",
        "youth-is-a-token",
        "f3a1c0d9e8b7"
      })
  void takesAnyOther(String key) {
    assertThat(ExampleKeys.contain(key)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "dummy", "EMPTY", "ollama", "lm-studio", "sk-1234", "test"})
  void serversOfOnesOwnTakeAnyWord(String key) {
    assertThat(ExampleKeys.isPlaceholder(key)).isFalse();
  }
}
