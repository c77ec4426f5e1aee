package io.caravan.conformance;

import io.caravan.corpus.CorpusCase;
import io.caravan.testkit.Arguments;
import io.caravan.testkit.CaravanProcess;
import io.caravan.testkit.ScriptedUpstream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Plays the corpus through a gateway and prints a scoreboard. {@code bench/conformance.sh} tells
 * how to call it.
 */
public final class Main {
  private static final PrintStream OUT = System.out;
  private static final Path CORPUS = Path.of("src/test/resources/corpus");

  private Main() {}

  public static void main(String[] args) throws Exception {
    Arguments arguments =
        Arguments.parse(
            args,
            Set.of(),
            Set.of("gateway", "upstream-port", "key", "model", "jar", "java", "only", "pieces"));
    Scoreboard board = new Scoreboard();
    try (ScriptedUpstream upstream = ScriptedUpstream.start(arguments.get("upstream-port", 0))) {
      if (arguments.has("gateway")) {
        play(arguments.get("gateway", null), "claude-test", upstream, arguments, board);
      } else {
        try (CaravanProcess caravan = start(arguments, upstream)) {
          // A model of its own for each case: what Caravan learns from one can't help or harm the
          // next.
          play(caravan.url(), "nim/{case}", upstream, arguments, board);
        }
      }
    }
    board.print(OUT);
    System.exit(board.failed() == 0 && board.passed() > 0 ? 0 : 1);
  }

  private static CaravanProcess start(Arguments arguments, ScriptedUpstream upstream)
      throws IOException {
    Path work = Files.createDirectories(Path.of("target/conformance"));
    return CaravanProcess.start(
        arguments.get("java", CaravanProcess.thisJava()),
        List.of(),
        Path.of(arguments.get("jar", "target/caravan.jar")),
        Files.createTempDirectory(work.toAbsolutePath(), "run-"),
        Map.of(
            "NIM_BASE_URL", upstream.url(),
            "NVIDIA_API_KEY", "upstream-key",
            "MODEL", "nim/scripted/model"));
  }

  private static void play(
      String url, String model, ScriptedUpstream upstream, Arguments arguments, Scoreboard board)
      throws IOException, InterruptedException {
    Gateway gateway = new Gateway(url, arguments.get("key", "client-key"));
    for (CorpusCase corpusCase : cases(arguments.get("only", ""))) {
      if (!corpusCase.quirks().isEmpty()) {
        board.skip(corpusCase);
        continue;
      }
      CaseRun run =
          new CaseRun(
              corpusCase,
              upstream,
              gateway,
              arguments.get("model", model),
              arguments.get("pieces", 0));
      board.add(corpusCase, run.streamed(), run.whole());
    }
  }

  private static List<CorpusCase> cases(String only) throws IOException {
    try (Stream<Path> groups = Files.list(CORPUS)) {
      return groups
          .filter(Files::isDirectory)
          .map(group -> group.getFileName().toString())
          .sorted()
          .flatMap(group -> CorpusCase.group(group).stream())
          .filter(corpusCase -> corpusCase.toString().contains(only))
          .toList();
    }
  }
}
