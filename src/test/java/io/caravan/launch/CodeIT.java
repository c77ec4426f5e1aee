package io.caravan.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.testkit.CaravanProcess;
import io.caravan.testkit.OneRun;
import io.caravan.testkit.Ports;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the commands as processes in somebody's project, with a script in Claude Code's place. */
class CodeIT {
  private static final Duration LONG = Duration.ofSeconds(90);

  /** Writes down what it is given, waits if it is told to, and ends with 7. */
  private static final String CLAUDE =
      """
      #!/bin/sh
      out=$(dirname "$0")/$SESSION
      mkdir -p "$out"
      env | grep -E '^(ANTHROPIC|CLAUDE)_' | sort > "$out/env"
      pwd > "$out/pwd"
      for word; do printf '%s\\n' "$word"; done > "$out/words"
      echo $PPID > "$out/parent.new" && mv "$out/parent.new" "$out/parent"
      while [ -n "$WAITS" ] && [ ! -e "$out/go" ]; do sleep 0.05; done
      exit 7
      """;

  @TempDir Path directory;
  private int port;
  private final Map<String, String> settings = new HashMap<>();
  private ScriptedUpstream upstream;
  private Path project;
  private Path bin;

  @BeforeEach
  void start() throws IOException {
    port = Ports.free();
    upstream = ScriptedUpstream.start();
    upstream.answerElse(
        request -> Script.json(200, "{\"data\":[{\"id\":\"m\",\"max_model_len\":131072}]}"));
    bin = Files.createDirectory(directory.resolve("bin"));
    Files.writeString(bin.resolve("claude"), CLAUDE);
    assertThat(bin.resolve("claude").toFile().setExecutable(true)).isTrue();
    project = clonedRepository(directory.resolve("project"));
    // Outside the jar there are no bundled routes, so the user has a copy of them.
    Path config = Files.createDirectories(directory.resolve("home/.config/caravan"));
    OneRun.copyApplication(config);
    OneRun.copyApplication(Files.createDirectory(directory.resolve("served")));
    settings.put("HOME", directory.resolve("home").toString());
    settings.put("XDG_CONFIG_HOME", "");
    settings.put("XDG_STATE_HOME", "");
    settings.put("CLAUDE_CONFIG_DIR", "");
    settings.put("PATH", bin + ":/usr/bin:/bin");
    settings.put("SESSION", "one");
    settings.put("CARAVAN_PORT", String.valueOf(port));
    settings.put("CARAVAN_MANAGEMENT_PORT", String.valueOf(Ports.free()));
    settings.put("NIM_BASE_URL", upstream.url());
    settings.put("NVIDIA_API_KEY", "nvapi-of-the-upstream");
    settings.put("MODEL", "nim/m");
    settings.put("ANTHROPIC_API_KEY", "sk-ant-real");
  }

  @AfterEach
  void stop() {
    upstream.close();
    await("no gateway is left").until(() -> !isOpen());
  }

  /** A repository with files by which a gateway in its directory would not start. */
  private static Path clonedRepository(Path project) throws IOException {
    Files.createDirectories(project.resolve("routes/kamelets"));
    Files.createDirectories(project.resolve("routes/providers"));
    Files.createDirectories(project.resolve("lib/classes"));
    Files.writeString(
        project.resolve("application.properties"),
        "caravan.port = 1\ncaravan.nim.base-url = http://192.0.2.1\ncaravan.model.default = evil\n");
    for (String file :
        List.of(
            "messages.camel.yaml",
            "kamelets/caravan-accept-action.kamelet.yaml",
            "providers/nim.camel.yaml")) {
      Files.writeString(project.resolve("routes").resolve(file), "- beans: [");
    }
    Files.setPosixFilePermissions(
        project.resolve("lib/classes"), PosixFilePermissions.fromString("rwxrwxrwx"));
    return project;
  }

  private OneRun run(String... command) throws Exception {
    return OneRun.of(project, settings, command);
  }

  private CompletableFuture<OneRun> session(String name) {
    Map<String, String> own = new HashMap<>(settings);
    own.put("SESSION", name);
    own.put("WAITS", "yes");
    CompletableFuture<OneRun> run =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return OneRun.of(project, own, "code");
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    await().atMost(LONG).until(() -> run.isDone() || Files.exists(bin.resolve(name + "/parent")));
    assertThat(run).as("claude was run").isNotDone();
    return run;
  }

  private int end(String name, CompletableFuture<OneRun> run) throws IOException {
    Files.createFile(bin.resolve(name + "/go"));
    return run.join().exit();
  }

  private boolean isOpen() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private List<String> given(String what) throws IOException {
    return Files.readAllLines(bin.resolve("one").resolve(what));
  }

  @Test
  void runsClaudeCodeInAnyProject() throws Exception {
    upstream.answer(request -> Script.says("hi"));

    OneRun run = run("code", "--", "-p", "what is it?", "--x=");

    assertThat(run.output()).isEmpty();
    assertThat(run.exit()).isEqualTo(7);
    assertThat(given("words"))
        .containsExactly("--permission-mode", "default", "-p", "what is it?", "--x=");
    assertThat(given("pwd")).containsExactly(project.toString());
    assertThat(given("env"))
        .contains(
            "ANTHROPIC_BASE_URL=http://127.0.0.1:" + port,
            "ANTHROPIC_AUTH_TOKEN=caravan",
            "CLAUDE_CODE_AUTO_COMPACT_WINDOW=131072",
            "CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY=1")
        .noneMatch(line -> line.startsWith("ANTHROPIC_API_KEY"));
    assertThat(upstream.completions()).hasSize(1);
  }

  @Test
  void theLastOneEndsTheGateway() throws Exception {
    upstream.answer(request -> Script.says("hi"));
    CompletableFuture<OneRun> one = session("one");
    CompletableFuture<OneRun> two = session("two");

    assertThat(end("one", one)).isEqualTo(7);
    assertThat(isOpen()).isTrue();
    assertThat(end("two", two)).isEqualTo(7);
    assertThat(isOpen()).isFalse();
  }

  @Test
  void aSignalEndsBoth() throws Exception {
    upstream.answer(request -> Script.says("hi"));
    CompletableFuture<OneRun> one = session("one");
    long command = Long.parseLong(given("parent").get(0));

    ProcessHandle.of(command).orElseThrow().destroy();

    assertThat(one.join().exit()).isEqualTo(143);
    assertThat(isOpen()).isFalse();
  }

  @Test
  void usesTheUsersOwnGatewayAndLeavesIt() throws Exception {
    upstream.answer(request -> Script.says("hi"));
    settings.put("CARAVAN_API_KEYS", "key-of-a-client");
    settings.put("MODEL_JUDGE", "nim/m");
    try (CaravanProcess gateway = OneRun.serve(directory.resolve("served"), settings)) {
      assertThat(run("code").exit()).isEqualTo(7);
      assertThat(gateway.isAlive()).isTrue();
    }
    assertThat(given("env")).contains("ANTHROPIC_AUTH_TOKEN=key-of-a-client");
    assertThat(given("words")).as("with a judge, the user's own mode").isEmpty();
  }

  @Test
  void refusesAnotherUsersGateway() throws Exception {
    Map<String, String> others = new HashMap<>(settings);
    others.put("HOME", directory.resolve("other").toString());
    try (CaravanProcess gateway = OneRun.serve(directory.resolve("served"), others)) {
      assertRefused("Port " + port, "not by a gateway of yours");
      assertThat(gateway.isAlive()).isTrue();
    }
  }

  @Test
  void refusesAnotherProgram() throws Exception {
    try (ServerSocket other = new ServerSocket(port, 9, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Void> closing =
          CompletableFuture.runAsync(
              () -> {
                try {
                  while (true) {
                    other.accept().close();
                  }
                } catch (IOException e) {
                  // The test has ended.
                }
              });
      assertRefused("Port " + port, "CARAVAN_PORT");
      assertThat(closing).isNotDone();
    }
  }

  @Test
  void saysWhyTheModelDoesNotAnswer() throws Exception {
    upstream.answer(request -> Script.json(401, "{\"error\":{\"message\":\"wrong key\"}}"));

    assertRefused("nim/m does not answer", "NVIDIA_API_KEY");
  }

  @Test
  void saysWhyTheGatewayDoesNotStart() throws Exception {
    settings.put("MODEL_OPUS", "nope/model");

    assertRefused("MODEL_OPUS is nope/model");
  }

  @Test
  void saysThatThereIsNoClaude() throws Exception {
    Files.delete(bin.resolve("claude"));

    assertRefused("npm install -g @anthropic-ai/claude-code");
  }

  @Test
  void refusesSettingsThatGoElsewhere() throws Exception {
    Path claude = Files.createDirectories(directory.resolve("home/.claude"));
    Files.writeString(
        claude.resolve("settings.json"), "{\"env\":{\"ANTHROPIC_BASE_URL\":\"https://other\"}}");

    assertRefused("settings.json sets ANTHROPIC_BASE_URL to \"https://other\"");
  }

  @Test
  void setsUpAndUndoes() throws Exception {
    Path file = Files.createDirectories(directory.resolve("home/.claude")).resolve("settings.json");
    String before = "{\n    \"model\": \"opus\",\n    \"env\": {\"MINE\": \"1\"}\n}";
    Files.writeString(file, before);

    OneRun setup = run("setup");

    assertThat(setup.exit()).as(setup.output()).isZero();
    assertThat(setup.output()).contains("claudeCode.environmentVariables", "export ANTHROPIC");
    assertThat(isOpen()).isFalse();
    assertThat(
            new ObjectMapper()
                .readTree(Files.readString(file))
                .at("/env/ANTHROPIC_BASE_URL")
                .asText())
        .isEqualTo("http://127.0.0.1:" + port);
    assertThat(Files.readString(file) + setup.output()).doesNotContain("nvapi");

    assertThat(run("setup", "--undo").exit()).isZero();
    assertThat(Files.readString(file)).isEqualTo(before);
  }

  @Test
  void theDoctorReadsNothingOfTheProject() throws Exception {
    upstream.answer(request -> Script.says("one two"));

    OneRun run = run("doctor", "--json");

    assertThat(run.output())
        .contains("nim/m")
        .doesNotContain("evil")
        .doesNotContain("messages.camel");
    Path config = Files.createDirectory(directory.resolve("own"));
    OneRun.copyApplication(config);
    Files.writeString(
        config.resolve("application.properties"),
        "caravan.model.opus = ollama/mine\n",
        StandardOpenOption.APPEND);
    assertThat(run("doctor", "--json", "--config", config.toString()).output())
        .contains("ollama can't be reached");
  }

  private void assertRefused(String... words) throws Exception {
    OneRun run = run("code");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.output().strip().lines()).singleElement().asString().contains(words);
    assertThat(bin.resolve("one")).doesNotExist();
  }
}
