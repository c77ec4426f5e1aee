package io.caravan.claudecode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs the real Claude Code in print mode, with a home and a working directory of its own, so that
 * nothing of the user's is read or written.
 */
public final class ClaudeCode {
  /** The outcome of a run; {@code result} is the JSON of {@code --output-format json}. */
  public record Run(int exit, JsonNode result, String stderr, Duration took) {
    /** Returns the answer that it has printed. */
    public String text() {
      return result.path("result").asText();
    }
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path command;
  private final String gateway;
  private final Duration limit;

  /**
   * Makes a runner.
   *
   * @param command the program
   * @param gateway the value of its {@code ANTHROPIC_BASE_URL}
   * @param limit the longest time of one run
   */
  public ClaudeCode(Path command, String gateway, Duration limit) {
    this.command = command;
    this.gateway = gateway;
    this.limit = limit;
  }

  /**
   * Sends one prompt and waits for the answer.
   *
   * @throws IllegalStateException if it takes longer than the limit or prints no JSON
   */
  public Run ask(String prompt, Path directory) throws IOException, InterruptedException {
    return ask(prompt, List.of(), Map.of(), directory);
  }

  /**
   * Sends one prompt with further options and variables, and waits for the answer.
   *
   * @throws IllegalStateException if it takes longer than the limit or prints no JSON
   */
  Run ask(String prompt, List<String> options, Map<String, String> further, Path directory)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    Process process = start(prompt, options, further, directory);
    if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new IllegalStateException("Claude Code did not end within " + limit);
    }
    Path home = home(directory);
    String printed = Files.readString(home.resolve("stdout"));
    String stderr = Files.readString(home.resolve("stderr"));
    if (!printed.stripLeading().startsWith("{")) {
      throw new IllegalStateException("Claude Code printed no JSON: " + printed + stderr);
    }
    return new Run(
        process.exitValue(),
        JSON.readTree(printed),
        stderr,
        Duration.ofNanos(System.nanoTime() - start));
  }

  /** Starts it with a prompt and waits for nothing: its user may stop it. */
  Process start(String prompt, List<String> options, Map<String, String> further, Path directory)
      throws IOException {
    Path home = home(directory);
    ProcessBuilder builder =
        new ProcessBuilder(commandLine(prompt, options))
            .directory(directory.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
            .redirectOutput(home.resolve("stdout").toFile())
            .redirectError(home.resolve("stderr").toFile());
    environment(builder.environment(), home);
    builder.environment().putAll(further);
    return builder.start();
  }

  /** Starts it in a terminal of its own; the keys are the process's input. */
  Process startInTerminal(Path directory, Path screen) throws IOException {
    Path home = home(directory);
    Files.writeString(
        home.resolve(".claude.json"),
        JSON.writeValueAsString(
            Map.of(
                "hasCompletedOnboarding",
                true,
                "theme",
                "dark",
                "bypassPermissionsModeAccepted",
                true,
                "projects",
                Map.of(directory.toString(), Map.of("hasTrustDialogAccepted", true)))));
    String line = "stty rows 40 cols 120; exec '" + command + "' --dangerously-skip-permissions";
    ProcessBuilder builder =
        new ProcessBuilder("script", "-qfec", line, "/dev/null")
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(screen.toFile());
    environment(builder.environment(), home);
    builder.environment().put("TERM", "xterm-256color");
    builder.environment().put("CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY", "1");
    // It requests a title, but sends no reports to anyone else.
    builder.environment().remove("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC");
    builder.environment().put("DISABLE_ERROR_REPORTING", "1");
    return builder.start();
  }

  private List<String> commandLine(String prompt, List<String> options) {
    List<String> line = new ArrayList<>(List.of(command.toString(), "-p", prompt));
    line.addAll(List.of("--output-format", "json"));
    if (!options.contains("--permission-mode")) {
      line.add("--dangerously-skip-permissions");
    }
    line.addAll(options);
    return line;
  }

  private static Path home(Path directory) throws IOException {
    return Files.createDirectories(directory.resolveSibling(directory.getFileName() + "-home"));
  }

  private void environment(Map<String, String> environment, Path home) {
    String path = environment.get("PATH");
    environment.clear();
    environment.put("PATH", path);
    environment.put("HOME", home.toString());
    environment.put("ANTHROPIC_BASE_URL", gateway);
    environment.put("ANTHROPIC_AUTH_TOKEN", Rules.CLIENT_TOKEN);
    environment.put("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1");
    environment.put("CLAUDE_CODE_AUTO_COMPACT_WINDOW", "131072");
    environment.put("DISABLE_TELEMETRY", "1");
    environment.put("DISABLE_AUTOUPDATER", "1");
    // Claude Code refuses to skip permissions for root unless this marks a sandbox.
    environment.put("IS_SANDBOX", "1");
  }
}
