package io.caravan.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class NvcfTest {
  private static final String ID = "2fd1bf6d-6d2a-4b6f-9d6e-0e9b7d8f1a11";
  private final Nvcf nvcf = new Nvcf("https://api.nvcf.nvidia.com/v2/nvcf/pexec/status/{id}");

  @Test
  void anAnswerIsPendingWithStatus202AndAnId() {
    assertThat(Nvcf.isPending(202, ID)).isTrue();
    assertThat(Nvcf.isPending(200, ID)).isFalse();
    assertThat(Nvcf.isPending(202, null)).isFalse();
  }

  @Test
  void theAnswerIsAskedForUnderItsId() {
    assertThat(nvcf.statusUri(ID))
        .isEqualTo(URI.create("https://api.nvcf.nvidia.com/v2/nvcf/pexec/status/" + ID));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "../../v2/keys", "a/b", "a?b", "a\r\nHost: x", "@evil.example"})
  void whatIsNoIdGoesIntoNoUrl(String id) {
    assertThat(Nvcf.isPending(202, id)).isFalse();
    assertThatThrownBy(() -> nvcf.statusUri(id)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://x.example/status", "file:///etc/{id}", "{id}"})
  void theTemplateIsAnHttpUrlWithAPlaceForTheId(String url) {
    assertThatThrownBy(() -> new Nvcf(url)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aFunctionCanEndWithoutAnAnswer() {
    assertThat(Nvcf.isFailed("errored")).isTrue();
    assertThat(Nvcf.isFailed("rejected")).isTrue();
    assertThat(Nvcf.isFailed("pending-evaluation")).isFalse();
    assertThat(Nvcf.isFailed(null)).isFalse();
  }
}
