package io.caravan.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests what setup does to Claude Code's settings, and that its undoing leaves the user's own. */
class SetupTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, String> VARIABLES = new LinkedHashMap<>();

  static {
    VARIABLES.put("ANTHROPIC_BASE_URL", "http://127.0.0.1:8085");
    VARIABLES.put("ANTHROPIC_AUTH_TOKEN", "caravan");
  }

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
  @TempDir Path directory;
  private Path file;
  private Setup setup;

  @BeforeEach
  void make() throws IOException {
    Path claude = Files.createDirectory(directory.resolve("claude"));
    file = claude.resolve("settings.json");
    Places places = new Places(directory.resolve("config"), directory.resolve("state"), claude);
    setup = new Setup(places, Map.of(), out, out);
  }

  private JsonNode settings() throws IOException {
    return JSON.readTree(Files.readString(file));
  }

  @Test
  void isUndoneByteForByte() throws Exception {
    for (int seed = 0; seed < 300; seed++) {
      String before = RandomSettings.text(new Random(seed));
      if (JSON.readTree(before).has("permissions")
          && !JSON.readTree(before).get("permissions").isObject()) {
        continue;
      }
      Files.writeString(file, before);

      setup.write(VARIABLES, true);
      assertThat(settings().at("/env/ANTHROPIC_BASE_URL").asText()).contains("8085");
      assertThat(settings().at("/permissions/defaultMode").asText()).isEqualTo("default");
      setup.undo();

      assertThat(Files.readString(file)).isEqualTo(before);
    }
  }

  @Test
  void removesTheFileThatItHasMade() throws Exception {
    setup.write(VARIABLES, true);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");

    setup.undo();

    assertThat(file).doesNotExist();
  }

  @Test
  void leavesAnEditOfTheUser() throws Exception {
    Files.writeString(file, "{\n  \"model\": \"opus\"\n}\n");
    setup.write(VARIABLES, true);
    Files.writeString(
        file,
        Files.readString(file)
            .replace("\"opus\"", "\"haiku\"")
            .replace("\"caravan\"", "\"my-key\""));

    setup.undo();

    assertThat(Files.readString(file))
        .isEqualTo(
            "{\n  \"model\": \"haiku\",\n  \"env\": {\n    \"ANTHROPIC_AUTH_TOKEN\": \"my-key\"\n  }\n}\n");
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("env.ANTHROPIC_AUTH_TOKEN has been changed");
  }

  @Test
  void givesBackTheValueThatItReplaced() throws Exception {
    Files.writeString(file, "{\"env\":{\"ANTHROPIC_BASE_URL\":\"https://old\"}}");
    setup.write(VARIABLES, false);
    Files.writeString(file, Files.readString(file).replace("{\"env\"", "{\"a\":1,\"env\""));

    setup.undo();

    assertThat(Files.readString(file))
        .isEqualTo("{\"a\":1,\"env\":{\"ANTHROPIC_BASE_URL\":\"https://old\"}}");
  }

  @Test
  void canBeRunAgain() throws Exception {
    String before = "{\"env\":{\"ANTHROPIC_BASE_URL\":\"https://old\"}}";
    Files.writeString(file, before);
    setup.write(VARIABLES, true);
    setup.write(Map.of("ANTHROPIC_BASE_URL", "http://127.0.0.1:9"), false);
    assertThat(settings().at("/env").size()).isEqualTo(1);
    assertThat(settings().has("permissions")).isFalse();

    setup.undo();

    assertThat(Files.readString(file)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"plan", "acceptEdits", "bypassPermissions"})
  void leavesTheUsersPermissionMode(String mode) throws Exception {
    Files.writeString(file, "{\"permissions\":{\"defaultMode\":\"" + mode + "\"}}");

    setup.write(VARIABLES, true);

    assertThat(settings().at("/permissions/defaultMode").asText()).isEqualTo(mode);
  }

  @Test
  void keepsModeAndLink() throws Exception {
    Path real = Files.createDirectory(directory.resolve("dotfiles")).resolve("claude.json");
    Files.writeString(real, "{}");
    Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rw-r-----"));
    Files.createSymbolicLink(file, Path.of("../dotfiles/claude.json"));

    setup.write(VARIABLES, true);

    assertThat(file).isSymbolicLink();
    assertThat(Files.readString(real)).contains("ANTHROPIC_BASE_URL");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(real)))
        .isEqualTo("rw-r-----");
    setup.undo();
    assertThat(file).isSymbolicLink();
    assertThat(Files.readString(real)).isEqualTo("{}");
    try (Stream<Path> beside = Files.list(real.getParent())) {
      assertThat(beside).containsExactly(real);
    }
  }

  @Test
  void keepsItsRecordToItself() throws Exception {
    Files.writeString(file, "{\"env\":{\"SECRET\":\"s\"}}");

    setup.write(VARIABLES, true);

    try (Stream<Path> records = Files.list(directory.resolve("state"))) {
      assertThat(records.toList())
          .singleElement()
          .satisfies(
              record ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(record)))
                      .isEqualTo("rw-------"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{", "{\"a\": 1, // mine\n}", "[]", "{\"env\": 1}", "{\"permissions\": []}"})
  void leavesABrokenFileAlone(String broken) throws Exception {
    Files.writeString(file, broken);

    assertThatThrownBy(() -> setup.write(VARIABLES, true))
        .isInstanceOf(LaunchException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("left as it is");
    assertThat(Files.readString(file)).isEqualTo(broken);
  }

  @Test
  void saysInPlainWordsWhatIsWrongWithTheFile() throws Exception {
    Files.writeString(file, "{\n// mine\n}");

    assertThatThrownBy(() -> setup.write(VARIABLES, true))
        .hasMessageEndingWith("it can't be read as JSON (JSON has no comments)");
    Files.delete(file);
    Files.createDirectory(file);
    assertThatThrownBy(() -> setup.write(VARIABLES, true))
        .hasMessage(file + " is a directory, and must be a file");
  }

  @Test
  void leavesAFileThatIsNotUtf8Alone() throws Exception {
    byte[] latin = "{\"a\":\"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);
    Files.write(file, latin);

    assertThatThrownBy(() -> setup.write(VARIABLES, true)).hasMessageContaining("UTF-8");
    assertThat(Files.readAllBytes(file)).isEqualTo(latin);
  }

  @Test
  void undoesNothingWithoutASetup() throws Exception {
    Files.writeString(file, "{}");

    assertThat(setup.run(new Words(null, List.of("--undo"), List.of()))).isEqualTo(1);
    assertThat(Files.readString(file)).isEqualTo("{}");
  }
}
