package io.caravan.launch;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * {@code code}: starts the gateway unless the user's own runs already, tests the model, runs the
 * {@code claude} of the PATH in the foreground, and ends what it has started.
 */
public final class Code {
  private static final int TROUBLE = 2;
  private static final int NOT_STARTED = 1;
  private static final long LAST_SECONDS = 10;

  /** The arguments of Claude Code by which a user chooses how it asks for permission. */
  private static final List<String> PERMISSIONS =
      List.of(
          "--permission-mode",
          "--dangerously-skip-permissions",
          "--allow-dangerously-skip-permissions");

  private final Places places;
  private final Map<String, String> environment;
  private final PrintStream err;
  private volatile Process claude;

  /**
   * Makes the command.
   *
   * @param err the stream for its few words; standard output is Claude Code's
   */
  public Code(Places places, Map<String, String> environment, PrintStream err) {
    this.places = places;
    this.environment = environment;
    this.err = err;
  }

  /** Runs it; returns the exit code of Claude Code, 1 if a fault keeps it from being run. */
  public int run(Words words) throws InterruptedException {
    if (!words.options().isEmpty()) {
      err.println(
          "code has no option " + words.options().get(0) + "; arguments of claude are behind --");
      return TROUBLE;
    }
    try {
      return launch(words.claude());
    } catch (LaunchException | IllegalArgumentException e) {
      err.println("Caravan did not start Claude Code: " + e.getMessage());
    } catch (Exception e) {
      if (e instanceof InterruptedException interrupted) {
        throw interrupted;
      }
      err.println("Caravan did not start Claude Code: " + e);
    }
    return NOT_STARTED;
  }

  private int launch(List<String> arguments) throws Exception {
    Path program = ClaudeProgram.find(environment.get("PATH"));
    GatewaySettings settings = GatewaySettings.in(places.config());
    ClaudeSettings.of(places).checkGoesTo(settings.url());
    String named = environment.getOrDefault(ClaudeVariables.MODEL, "").strip();
    String model = named.isEmpty() ? ClaudeVariables.USUAL_MODEL : named;
    try (SharedGateway gateway = SharedGateway.use(places, settings, model)) {
      endWith(gateway);
      String key = ClaudeVariables.key(settings, gateway.facts(), environment);
      test(gateway, model, key);
      // Again: the upstream has been asked for its models by now.
      GatewayFacts facts = gateway.client().facts(model);
      if (facts == null) {
        throw new LaunchException(
            "The gateway has ended; see " + places.state().resolve("code.log"));
      }
      ProcessBuilder builder = new ProcessBuilder(command(program, arguments, facts.judge()));
      builder.environment().keySet().removeAll(ClaudeVariables.OTHERS);
      builder
          .environment()
          .putAll(ClaudeVariables.of(settings.url(), key, facts, !named.isEmpty()));
      return foreground(builder);
    }
  }

  private void test(SharedGateway gateway, String model, String key)
      throws LaunchException, IOException {
    String full = gateway.facts().model();
    if (gateway.facts().demonstration()) {
      err.println(
          full
              + " is answered by the demonstration upstream, which is no model: set NVIDIA_API_KEY,"
              + " or MODEL=provider/model");
      return;
    }
    ModelTest test = ModelTest.of(gateway.client(), model, key);
    if (!test.works()) {
      throw new LaunchException(full + " does not answer: " + test.words());
    }
    if (!test.words().isEmpty()) {
      err.println(full + ": " + test.words());
    }
  }

  /**
   * Without a judge, Claude Code's own automatic mode refuses each action: so it asks the user, as
   * its mode "default" does. With one, and where the user has chosen, nothing is added.
   */
  static List<String> command(Path claude, List<String> arguments, boolean judge) {
    List<String> command = new ArrayList<>(List.of(claude.toString()));
    boolean chosen =
        arguments.stream().anyMatch(word -> PERMISSIONS.contains(word.replaceFirst("=.*", "")));
    // Subcommands, such as mcp and doctor, have the option too (observed with 2.1.330).
    if (!judge && !chosen) {
      command.addAll(List.of("--permission-mode", "default"));
    }
    command.addAll(arguments);
    return command;
  }

  /** Runs Claude Code with the terminal of this process. */
  private int foreground(ProcessBuilder builder) throws IOException, InterruptedException {
    claude = builder.inheritIO().start();
    return claude.waitFor();
  }

  /** Ends both when this process ends, whatever ends it. */
  private void endWith(SharedGateway gateway) {
    Thread end =
        new Thread(
            () -> {
              if (claude != null) {
                end(claude);
              }
              close(gateway);
            },
            "caravan-end");
    Runtime.getRuntime().addShutdownHook(end);
  }

  private static void end(Process claude) {
    claude.destroy();
    try {
      if (!claude.waitFor(LAST_SECONDS, TimeUnit.SECONDS)) {
        claude.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void close(SharedGateway gateway) {
    try {
      gateway.close();
    } catch (IOException e) {
      // The process ends; there is nobody to report it to.
    }
  }
}
