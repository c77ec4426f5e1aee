package io.caravan.sdks;

import io.caravan.testkit.Arguments;
import io.caravan.testkit.CaravanProcess;
import io.caravan.testkit.Chunks;
import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Starts Caravan and a scripted upstream, and runs commands with Caravan's URL as their last
 * argument: the scripts of {@code bench/sdks/}, which use Anthropic's own SDKs.
 */
public final class Main {
  private static final Set<String> BUSY = ConcurrentHashMap.newKeySet();

  private Main() {}

  /**
   * Runs the commands. The arguments are {@code --jar caravan.jar --work DIRECTORY --run "node
   * a.mjs,python b.py" [--java COMMAND]}.
   */
  public static void main(String[] args) throws Exception {
    Arguments arguments = Arguments.parse(args, Set.of(), Set.of("jar", "work", "run", "java"));
    Path work = Files.createDirectories(Path.of(arguments.get("work", "target/sdks")));
    int failed = 0;
    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        CaravanProcess caravan = start(arguments, upstream, work)) {
      upstream.answer(Main::answer);
      for (String command : arguments.get("run", "").split(",", -1)) {
        failed += run(command, caravan.url());
      }
    }
    System.exit(failed == 0 ? 0 : 1);
  }

  private static CaravanProcess start(Arguments arguments, ScriptedUpstream upstream, Path work)
      throws IOException {
    return CaravanProcess.start(
        arguments.get("java", CaravanProcess.thisJava()),
        List.of(),
        Path.of(arguments.get("jar", "target/caravan.jar")),
        Files.createTempDirectory(work.toAbsolutePath(), "gateway-"),
        // The SDK repeats a call after an upstream's failure, and Caravan must not.
        Map.of(
            "VLLM_BASE_URL",
            upstream.url(),
            "MODEL",
            "nim/demo/model",
            "MODEL_HAIKU",
            "vllm/scripted/model",
            "CARAVAN_RETRY_ATTEMPTS",
            "1",
            "CARAVAN_DEMO_DELAY",
            "1"));
  }

  private static int run(String command, String url) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of(command.trim().split(" +", -1)));
    words.add(url);
    return new ProcessBuilder(words).inheritIO().start().waitFor();
  }

  /** Returns the upstream's response by the user's last message. */
  private static Script answer(ReceivedRequest request) {
    String text = request.text();
    if (text.contains("\"role\":\"tool\"")) {
      return Script.says("It rains in Oslo, It rains in Rome");
    }
    if (text.contains("\"weather\"}]")) {
      return weather();
    }
    if (text.contains("\"schema\"}]")) {
      return Script.says("{\"city\":\"Oslo\"}");
    }
    if (text.contains("\"content\":\"think\"}]")) {
      return Script.stream(
          Chunks.role(), Chunks.reasoning("Hm."), Chunks.text("Yes."), end("stop"));
    }
    if (text.contains("\"refuse\"}]")) {
      return Script.json(400, "{\"error\":{\"message\":\"no such thing\"}}");
    }
    if (text.contains("\"break\"}]")) {
      return Script.stream(Chunks.role(), Chunks.text("half"), Chunks.error(500, "it died"));
    }
    if (text.contains("\"busy ") && BUSY.add(text)) {
      return Script.json(503, "{\"error\":{\"message\":\"busy\"}}");
    }
    return Script.says("Hello there");
  }

  private static Script weather() {
    return Script.stream(
        Chunks.role(),
        Chunks.toolStart(0, "call_0", "weather"),
        Chunks.toolStart(1, "call_1", "weather"),
        Chunks.toolArguments(1, "{\"city\":\"Rome\"}"),
        Chunks.toolArguments(0, "{\"city\":\"Oslo\"}"),
        end("tool_calls"));
  }

  private static String end(String reason) {
    return Chunks.finish(reason) + Chunks.usage(10, 5) + Chunks.DONE;
  }
}
