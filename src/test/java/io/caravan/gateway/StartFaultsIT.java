package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.testkit.CaravanProcess;
import io.caravan.testkit.OneRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests that a faulty configuration ends the start of the real process with an exit code and one
 * line that says what to change.
 */
class StartFaultsIT {
  @TempDir Path directory;

  @BeforeEach
  void copyRoutes() throws IOException {
    OneRun.copyApplication(directory);
  }

  private void fails(Map<String, String> settings, String... words) throws Exception {
    OneRun run = OneRun.of(directory, settings);

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.output().lines().filter(line -> !line.isBlank()))
        .singleElement()
        .asString()
        .startsWith("Caravan did not start: ")
        .contains(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "MODEL|nope/model|MODEL is nope/model",
        "MODEL_OPUS|nim|MODEL_OPUS is nim",
        "CARAVAN_HOST|0.0.0.0|CARAVAN_API_KEYS",
        "CARAVAN_PORT|tcp://10.0.0.1:80|enableServiceLinks",
        "CARAVAN_PORT|many|CARAVAN_PORT is not a port: many; it must be a number up to 65535",
        "NIM_MAX_CONCURRENCY|many|NIM_MAX_CONCURRENCY is many: it must be a number"
      })
  void namesTheSettingThatIsWrong(String name, String value, String words) throws Exception {
    fails(Map.of(name, value), words);
  }

  @ParameterizedTest
  @CsvSource({"CARAVAN_PORT", "CARAVAN_MANAGEMENT_PORT"})
  void namesThePortThatIsInUse(String setting) throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(other.getLocalPort());

      fails(Map.of(setting, port), port, setting);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "providers/ollama.camel.yaml|- beans:|- beans: [|ollama.camel.yaml|line",
        "providers/nim.camel.yaml|direct:provider-nim|direct:provider-nmi|nim.camel.yaml|there is no provider nmi",
        "providers/groq.camel.yaml|name: \"groq\"|name: \"gro\"|groq|the name gro:",
        "calls.camel.yaml|caravan-convert-action|caravan-convrt-action|calls.camel.yaml: line 10, step convert|there is no Kamelet caravan-convrt-action",
        "models.camel.yaml|io.caravan.app.Hello|com.acme.Missing|models.camel.yaml|no class com.acme.Missing",
        "providers/nim.camel.yaml|keySetting|keySeting|nim.camel.yaml|has no property keySeting",
        "providers/nim.camel.yaml|\"DATA\"|\"SOMETIMES\"|nim.camel.yaml|[NONE, DATA, URL]",
        "stream-openai.camel.yaml|ref: finishMessage|ref: finishMesage|finishMesage|finishMesage",
        "providers/nim.camel.yaml|io.caravan.provider.Provider|io.caravan.openai.Provider|nim.camel.yaml: line 6|is now io.caravan.provider.Provider",
        "providers/nim.camel.yaml|convert-action|pass-on-action|nim.camel.yaml: line|is now caravan-pass-through-action",
        "kamelets/caravan-call-action.kamelet.yaml|io.caravan.stage.Call|io.caravan.stage.PassOn|call-action.kamelet.yaml: line|is now io.caravan.stage.PassThroughRequest"
      })
  void namesTheFileAndWhatIsWrongInIt(
      String file, String from, String to, String named, String what) throws Exception {
    Path path = directory.resolve("routes").resolve(file);
    String text = Files.readString(path);
    assertThat(text).contains(from);
    Files.writeString(path, text.replace(from, to));

    fails(Map.of(), named, what);
  }

  @Test
  void saysTheSameByTheDoctor() throws Exception {
    Path path = directory.resolve("routes/stream-anthropic.camel.yaml");
    Files.writeString(
        path, Files.readString(path).replace("ref: passThroughEvents", "ref: passEvents"));

    OneRun run = OneRun.of(directory, Map.of(), "doctor", "--config", ".");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.output())
        .contains("the bean passEvents is now passThroughEvents")
        .doesNotContain("\tat ");
  }

  @Test
  void namesTheLineOfTheKeyFileThatIsWrong() throws Exception {
    Path keys = directory.resolve("keys");
    Files.writeString(keys, "# mine\nsha256:0123 name=ann\n");

    fails(
        Map.of("CARAVAN_CLIENT_KEYS_FILE", keys.toString()), keys.toString(), "line 2", "sha256:");
  }

  @ParameterizedTest
  @CsvSource({
    "CARAVAN_API_KEYS, change-me",
    "CARAVAN_API_KEYS, 'good-key-8f3a,your-key-here'",
    "NVIDIA_API_KEY, change-me",
    "NVIDIA_API_KEY, nvapi-your-key-here"
  })
  void refusesTheKeysOfExamples(String setting, String key) throws Exception {
    fails(Map.of(setting, key), setting, "example");
  }

  @Test
  void refusesTheKeysOfExamplesInTheKeyFile() throws Exception {
    Path keys = directory.resolve("keys");
    // printf %s change-me | sha256sum
    Files.writeString(
        keys, "sha256:e2186dbdb1bb4193608605e84f33208765b5693b55edd4f730a719a100eeea6f name=ann\n");

    fails(Map.of("CARAVAN_CLIENT_KEYS_FILE", keys.toString()), "line 1", "example");
  }

  @Test
  void namesTheUsageLedgerThatAnotherProcessWrites() throws Exception {
    Path keys = directory.resolve("keys");
    Files.writeString(keys, "sha256:" + "0".repeat(64) + " name=ann daily-tokens=1000\n");
    Map<String, String> settings = Map.of("CARAVAN_CLIENT_KEYS_FILE", keys.toString());
    try (CaravanProcess first = OneRun.serve(directory, settings)) {
      assertThat(first.isAlive()).isTrue();

      fails(settings, "Another process", "caravan-usage.ledger");
    }
  }

  @Test
  void namesAFileThatCannotBeRead() throws Exception {
    Path link = directory.resolve("routes/providers/gone.camel.yaml");
    Files.createSymbolicLink(link, directory.resolve("nowhere"));

    fails(Map.of(), "gone.camel.yaml", "doesn't exist");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "routes/providers/nim.camel.yaml, rw-rw-rw-",
    "application.properties, rw-r--rw-",
    "routes/kamelets/caravan-call-action.kamelet.yaml, rw-r--rw-",
    "routes/providers, rwxrwxrwx",
    "lib/acme.jar, rw-rw-rw-",
    "lib, rwxrwxrwx",
    "lib/classes/com/acme, rwxrwxrwx",
    "lib/classes/com/acme/Counter.class, rw-r--rw-"
  })
  void refusesWhatEveryoneCanWrite(Path path, String permissions) throws Exception {
    Files.createDirectories(directory.resolve("lib/classes/com/acme"));
    Files.createFile(directory.resolve("lib/acme.jar"));
    Files.createFile(directory.resolve("lib/classes/com/acme/Counter.class"));
    Files.setPosixFilePermissions(
        directory.resolve(path), PosixFilePermissions.fromString(permissions));

    fails(Map.of(), path.getFileName().toString(), "can be written by everyone");
  }

  @Test
  void startsWhereNothingIsWrong() throws Exception {
    try (CaravanProcess caravan = OneRun.serve(directory, Map.of())) {
      assertThat(caravan.isAlive()).isTrue();
      assertThat(Files.readString(caravan.log()))
          .doesNotContain("ERROR", "WARN")
          // Each bean that a Kamelet refers to is one of the routes.
          .doesNotContain("declares no bean");
    }
  }
}
