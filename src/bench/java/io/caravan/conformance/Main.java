package io.caravan.conformance;

import io.caravan.corpus.CorpusCase;
import io.caravan.corpus.CorpusFiles;
import io.caravan.testkit.Arguments;
import io.caravan.testkit.CaravanProcess;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Plays the corpus through a gateway and prints a scoreboard. {@code bench/conformance.sh}
 * describes its arguments.
 */
public final class Main {
  private static final PrintStream OUT = System.out;

  private Main() {}

  public static void main(String[] args) throws Exception {
    Arguments arguments =
        Arguments.parse(
            args,
            Set.of(),
            Set.of("gateway", "upstream-port", "key", "model", "jar", "java", "only", "pieces"));
    Scoreboard board = new Scoreboard();
    List<CorpusCase> cases = cases(arguments.get("only", ""));
    try (ScriptedUpstream upstream = ScriptedUpstream.start(arguments.get("upstream-port", 0))) {
      if (arguments.has("gateway")) {
        String model = arguments.get("model", "claude-test");
        Function<CorpusCase, String> models = c -> c.quirks().isEmpty() ? model : null;
        play(cases, arguments.get("gateway", null), models, upstream, arguments, board);
      } else {
        try (CaravanProcess caravan = start(arguments, upstream, cases)) {
          play(cases, caravan.url(), CorpusProviders::model, upstream, arguments, board);
        }
      }
    }
    board.print(OUT);
    System.exit(board.failed() == 0 && board.passed() > 0 ? 0 : 1);
  }

  private static CaravanProcess start(
      Arguments arguments, ScriptedUpstream upstream, List<CorpusCase> cases) throws IOException {
    Path work = Files.createDirectories(Path.of("target/conformance"));
    Path directory = Files.createTempDirectory(work.toAbsolutePath(), "run-");
    CorpusProviders.write(directory, upstream.url(), cases);
    return CaravanProcess.start(
        arguments.get("java", CaravanProcess.thisJava()),
        List.of(),
        Path.of(arguments.get("jar", "target/caravan.jar")),
        directory,
        // Cases that fail on purpose must not wait for further attempts.
        Map.of("MODEL", "corpus/scripted", "CARAVAN_RETRY_ATTEMPTS", "1"));
  }

  /**
   * Plays the cases.
   *
   * @param models returns the model to request for a case, or null if this gateway can't play it
   */
  private static void play(
      List<CorpusCase> cases,
      String url,
      Function<CorpusCase, String> models,
      ScriptedUpstream upstream,
      Arguments arguments,
      Scoreboard board)
      throws InterruptedException {
    Gateway gateway = new Gateway(url, arguments.get("key", "client-key"));
    Set<String> served = new HashSet<>();
    for (CorpusCase corpusCase : cases) {
      String model = models.apply(corpusCase);
      if (model == null) {
        board.skip(corpusCase);
        continue;
      }
      if (served.add(model.replaceFirst("/.*", ""))) {
        serveOnce(gateway, model, upstream);
      }
      CaseRun run = new CaseRun(corpusCase, upstream, gateway, model, arguments.get("pieces", 0));
      board.add(corpusCase, run.streamed(), run.whole());
    }
  }

  /** Has a provider serve once: a 404 of one that never has may come of a wrong URL. */
  private static void serveOnce(Gateway gateway, String model, ScriptedUpstream upstream)
      throws InterruptedException {
    upstream.answer(request -> Script.says("ok"));
    var unused =
        gateway.post(
            "{\"model\":\"%s\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"
                .formatted(model.replace("{case}", "first")));
  }

  private static List<CorpusCase> cases(String only) {
    return CorpusFiles.groups().stream()
        .flatMap(group -> CorpusCase.group(group).stream())
        .filter(corpusCase -> corpusCase.id().contains(only))
        .toList();
  }
}
