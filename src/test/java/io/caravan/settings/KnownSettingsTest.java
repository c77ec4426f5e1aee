package io.caravan.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KnownSettingsTest {
  private static final String BUNDLED =
      """
      caravan.port = {{env:CARAVAN_PORT:8085}}
      caravan.model.default = {{env:MODEL:}}
      caravan.model.opus = {{env:MODEL_OPUS:}}
      caravan.retry.attempts = 3
      caravan.strict = false
      caravan.record.max-age = 7d
      caravan.models.refresh = 600000
      caravan.nim.rate-limit = {{env:NIM_RATE_LIMIT:}}
      camel.server.port = {{caravan.port}}
      """;
  private static final String ROUTE =
      """
      - route:
          parameters:
            requestsPerMinute: "{{caravan.nim.rate-limit}}"
            topic: "{{caravan.acme.topic:events}}"
            apiKey: "{{env:ACME_API_KEY:}}"
            plain: "{{LOWER_NAME}}{{env:LOWER_NAME:}}"
      """;

  private final Map<String, String> environment = new HashMap<>();

  private KnownSettings settings(String own) throws IOException {
    Properties bundled = new Properties();
    bundled.load(new StringReader(BUNDLED));
    return KnownSettings.of(
        own.getBytes(StandardCharsets.UTF_8), bundled, List.of(ROUTE), environment::get);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "caravan.port = 9000",
        "caravan.port = {{env:ACME_API_KEY:9000}}",
        "caravan.acme.topic = other",
        "caravan.models.refresh = 10m",
        "caravan.record.max-age = 12h",
        "caravan.strict = TRUE",
        "acme.setting = of one's own",
        "camel.server.port = {{caravan.port}}",
        "camel.context = {{caravan.my-own}}\ncaravan.my-own = read by the line above",
        "LOWER_NAME = is read as a key, too"
      })
  void takesSettingsThatSomethingReads(String own) throws IOException {
    assertThatCode(settings(own)::check).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "caravan.prot = 9000|application.properties, line 2: nothing reads caravan.prot; did you mean caravan.port?",
        "caravan.acme.topik = x|did you mean caravan.acme.topic?",
        "caravan.retry.attempts = many|caravan.retry.attempts (application.properties, line 2) is many: it must be a number",
        "caravan.retry.attempts = 5s|it must be a number without a unit",
        "caravan.retry.attempts =|is empty: it must be a number",
        "caravan.strict = yes please|is yes please: it must be true or false",
        "caravan.record.max-age = 5x|it must be a time such as 12h or 7d",
        "MODEL = ollama/x|MODEL is a variable of the environment, which this file can't set; its key here is caravan.model.default",
        "ACME_API_KEY = x|ACME_API_KEY is a variable of the environment, which this file can't set",
        "CARAVAN_PORT = 1|its key here is caravan.port",
        "camel.server.port = 9000|camel.server.port is set by caravan.port"
      })
  void refusesWhatDoesNothing(String line, String words) throws IOException {
    KnownSettings settings = settings("# mine\n" + line + "\n");

    assertThatThrownBy(settings::check)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(words);
  }

  @ParameterizedTest
  @CsvSource({
    "CARAVAN_RETRY_ATTEMPTS, many, CARAVAN_RETRY_ATTEMPTS is many",
    "CARAVAN_STRICT, 'yes', CARAVAN_STRICT is yes",
    "CARAVAN_PORT, '', CARAVAN_PORT is empty"
  })
  void namesTheVariableThatHasAWrongValue(String name, String value, String words)
      throws IOException {
    environment.put(name, value);

    assertThatThrownBy(settings("")::check).hasMessageContaining(words);
  }

  @Test
  void namesAllFaultsAtOnce() {
    assertThatThrownBy(() -> settings("caravan.prot = 1\ncaravan.hots = x\n").check())
        .hasMessageContaining("caravan.prot")
        .hasMessageContaining("caravan.hots");
  }

  @Test
  void saysWhyAFileCannotBeRead() {
    assertThatThrownBy(() -> settings("path = C:\\users\n")).hasMessageContaining("backslash");
    assertThatThrownBy(() -> settings("\uFEFFcaravan.port = 1\n"))
        .hasMessageContaining("byte order mark");
  }

  @Test
  void passesOverTheVariablesOfTheStartScript() throws IOException {
    List<String> variables =
        Pattern.compile("(?m)^#   (CARAVAN_[A-Z_]+)")
            .matcher(Files.readString(Path.of("bin/caravan")))
            .results()
            .map(variable -> variable.group(1))
            .toList();

    assertThat(variables).hasSizeGreaterThan(3);
    for (String variable : variables) {
      assertThat(settings("").unread(Map.of(variable, "x"))).as(variable).isEmpty();
    }
  }

  @Test
  void namesAKeyThatIsSetTwice() throws IOException {
    assertThat(settings("acme.a = 1\nacme.b = 2\nacme.a = 3\n").repeated())
        .isEqualTo("application.properties sets acme.a more than once; the last one counts");
    assertThat(settings("acme.a = 1\nacme.b = 2\n").repeated()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "CARAVAN_PROT, 9000, CARAVAN_PORT",
    "CARAVAN_MODEL_DEFALT, x, CARAVAN_MODEL_DEFAULT",
    "MODEL_OPSU, x, MODEL_OPUS",
    "NIM_RATELIMT, x, NIM_RATE_LIMIT"
  })
  void asksForAMistypedVariable(String name, String value, String meant) throws IOException {
    assertThat(settings("").unread(Map.of(name, value)))
        .isEqualTo("Nothing reads " + name + "; did you mean " + meant + "?");
  }

  @ParameterizedTest
  @CsvSource({
    "CARAVAN_PORT, 9000",
    "CARAVAN_RETRY_ATTEMPTS, 2",
    "CARAVAN_ACME_TOPIC, x",
    "CARAVAN_JAR, x",
    "CARAVAN_HEAP, 1g",
    "CARAVAN_ARCHIVE, off",
    "CARAVAN_JAVA_OPTIONS, x",
    "CARAVAN_SERVICE_HOST, 10.0.0.1",
    "CARAVAN_SERVICE_PORT, 8085",
    "CARAVAN_SERVICE_PORT_HTTP, 8085",
    "CARAVAN_PORT_8085_TCP, tcp://10.0.0.1:8085",
    "CARAVAN_PORT_8085_TCP_ADDR, 10.0.0.1",
    "CARAVAN_REDIS_SERVICE_HOST, 10.0.0.1",
    "CARAVAN_REDIS_PORT, tcp://10.0.0.1:6379",
    "MODEL_PATH, /models",
    "NVIDIA_VISIBLE_DEVICES, all",
    "PATH, /bin"
  })
  void passesOverVariablesThatAreReadOrNotForIt(String name, String value) throws IOException {
    assertThat(settings("").unread(Map.of(name, value))).isEmpty();
  }

  @Test
  void findsTheSettingOfAPropertyByItsValue() throws IOException {
    environment.put("NIM_RATE_LIMIT", "forty");

    assertThat(settings("").settingOf("requestsPerMinute", "forty")).isEqualTo("NIM_RATE_LIMIT");
    assertThat(settings("").settingOf("requestsPerMinute", "fifty")).isNull();
    assertThat(settings("").settingOf("other", "forty")).isNull();
  }
}
