package io.caravan.browser;

import io.caravan.testkit.Arguments;
import io.caravan.testkit.CaravanProcess;
import io.caravan.testkit.Chunks;
import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Starts Caravan with an operator's key and a client's, and a scripted upstream, and runs a command
 * with Caravan's URL as its last argument: {@code bench/console/browser.mjs}, which looks at the
 * console with a browser.
 */
public final class Main {
  private static final String WORDS = "one two three four five six seven eight nine ten ";

  private Main() {}

  /**
   * Runs the command. The arguments are {@code --jar caravan.jar --work DIRECTORY --run "node
   * browser.mjs"}.
   */
  public static void main(String[] args) throws Exception {
    Arguments arguments = Arguments.parse(args, Set.of(), Set.of("jar", "work", "run"));
    Path work = Files.createDirectories(Path.of(arguments.get("work", "target/console")));
    int failed;
    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        CaravanProcess caravan =
            CaravanProcess.start(
                CaravanProcess.thisJava(),
                List.of(),
                Path.of(arguments.get("jar", "target/caravan.jar")),
                Files.createTempDirectory(work.toAbsolutePath(), "gateway-"),
                settings(upstream))) {
      upstream.answer(Main::answer);
      List<String> command = new ArrayList<>(List.of(arguments.get("run", "").split(" +", -1)));
      command.add(caravan.url());
      failed = new ProcessBuilder(command).inheritIO().start().waitFor();
    }
    System.exit(failed);
  }

  private static Map<String, String> settings(ScriptedUpstream upstream) {
    return Map.of(
        "NIM_BASE_URL", upstream.url(),
        "NVIDIA_API_KEY", "nvapi-canary-of-the-upstream",
        "CARAVAN_ADMIN_KEY", "canary-of-the-operator",
        "CARAVAN_API_KEYS", "canary-of-a-client",
        "MODEL", "nim/z-ai/glm-5.3",
        "CARAVAN_RETRY_ATTEMPTS", "1",
        "CARAVAN_RECORD_ENABLED", "true");
  }

  /** Returns the upstream's response by the user's last message. */
  private static Script answer(ReceivedRequest request) {
    String text = request.text();
    if (text.contains("fail, please")) {
      return Script.json(400, "{\"error\":{\"message\":\"no such thing\"}}");
    }
    if (text.contains("use tools") || text.contains("read_clock")) {
      return Script.stream(
          Chunks.role(),
          Chunks.toolCall(0, "call_0", "Bash", "{\"command\":\"ls\"}"),
          Chunks.toolCall(1, "call_1", "Read", "{\"file_path\":\"a\"}"),
          Chunks.toolCall(2, "call_2", "Bash", "{\"command\":\"pwd\"}"),
          Chunks.finish("tool_calls") + Chunks.usage(1200, 340) + Chunks.DONE);
    }
    if (text.contains("slowly, please")) {
      Script script = Script.stream(Chunks.role());
      for (String word : WORDS.repeat(3).split("(?<= )", -1)) {
        script = script.write(Chunks.text(word)).pause(Duration.ofMillis(200));
      }
      return script.write(Chunks.finish("stop") + Chunks.usage(2000, 30) + Chunks.DONE);
    }
    return Script.stream(
        Chunks.role(),
        Chunks.text("Hello "),
        Chunks.text("there"),
        Chunks.finish("stop") + Chunks.usage(1200, 340) + Chunks.DONE);
  }
}
