package io.caravan.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BaseUrlTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:8000/v1",
        "https://integrate.api.nvidia.com/v1",
        "http://my_server:8000/v1",
        "http://[::1]:8000/v1",
        "https://generativelanguage.googleapis.com/v1beta/openai",
        "https://host/v1%20beta",
        "HTTP://host/api/v1",
        " http://host/v1// "
      })
  void hasNothingAgainstAUrlThatCanBeCalled(String url) {
    assertThat(BaseUrl.fault(url)).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "localhost:8000/v1|has no http:// or https://|http://localhost:8000/v1",
        "127.0.0.1:8000|has no http:// or https://|http://127.0.0.1:8000",
        "api.acme.example/v1|has no http:// or https://|https://api.acme.example/v1",
        "//host/v1|has no http:// or https://|http://host/v1",
        "htp://host/v1|must begin with http:// or https://|http://host/v1",
        "http:/host/v1|must begin with http:// or https://|http://host/v1",
        "ws://api.acme.example/v1|must begin with http:// or https://|https://api.acme.example/v1",
        "\"http://host/v1\"|has quotation marks around it|http://host/v1",
        "http://ho st/v1|has a blank|",
        "https://user:secret@host/v1|has a user or a password|https://host/v1",
        "http://$HOST:8000/v1|has $HOST in it, which nothing has replaced|",
        "${NIM_URL}/v1|has ${NIM_URL} in it, which nothing has replaced|",
        "http://%NIM_HOST%/v1|has %NIM_HOST% in it, which nothing has replaced|",
        "{{env:NIM_URL}}/v1|has {{env:NIM_URL}} in it, which nothing has replaced|",
        "http://<your-host>:8000/v1|has <your-host> in it, which nothing has replaced|",
        "http:///v1|names no host|",
        "http://:8000/v1|names no host|",
        "http://host:80800/v1|has a port that is none|",
        "http://host:http/v1|has a port that is none|",
        "http://host/v1?version=2|has a ? or #|http://host/v1",
        "http://host/v1/chat/completions|ends with /chat/completions|http://host/v1",
        "http://host/v1/chat/completions/|ends with /chat/completions|http://host/v1",
        "http://host/v1/messages|ends with /messages|http://host/v1",
        "http://host/v1/models|ends with /models|http://host/v1",
        "http://host/v1/v1|has /v1 twice|http://host/v1"
      })
  void saysWhatIsWrongAndWhatWasMeant(String url, String words, String better) {
    BaseUrl.Fault fault = BaseUrl.fault(url);

    assertThat(fault).isNotNull();
    assertThat(fault.words()).startsWith(words);
    assertThat(fault.better()).isEqualTo(better);
    assertThat(better == null ? null : BaseUrl.fault(better)).isNull();
  }

  @Test
  void isEmptyIfItIsNotSet() {
    assertThat(BaseUrl.fault(null).words()).isEqualTo("is empty");
    assertThat(BaseUrl.fault(" ").words()).isEqualTo("is empty");
  }

  @Test
  void looksForTheListOfModelsBelowV1() {
    assertThat(BaseUrl.others("http://host:1234")).containsExactly("http://host:1234/v1");
    assertThat(BaseUrl.others("http://host/v1/v1/")).contains("http://host/v1");
    assertThat(BaseUrl.others("http://host/api")).contains("http://host/api/v1", "http://host/v1");
  }

  @Test
  void showsNoPassword() {
    assertThat(BaseUrl.shown("https://user:secret@host/v1")).isEqualTo("https://host/v1");
    assertThat(BaseUrl.shown("https://host/v1?key=secret")).isEqualTo("https://host/v1?…");
  }
}
