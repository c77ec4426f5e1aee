package io.caravan.replay;

import io.caravan.doctor.QuietStart;
import io.caravan.record.CaseFile;
import io.caravan.record.RecordExchange;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.camel.main.Main;

/**
 * Replays recordings. The application starts as it is configured, on a port of its own, and its
 * providers are an upstream inside this process that says what was recorded. Nothing else is called
 * but what routes of the user's own call.
 */
public final class Replay {
  private static final int SAME = 0;
  private static final int DIFFERENT = 1;
  private static final int TROUBLE = 2;

  private final Callable<Main> configured;
  private final Function<Throwable, String> faults;
  private final PrintStream out;

  /**
   * Makes a replay.
   *
   * @param configured makes an application that is configured with routes and settings and not
   *     started
   * @param faults returns one line that explains why the application did not start
   */
  public Replay(Callable<Main> configured, Function<Throwable, String> faults, PrintStream out) {
    this.configured = configured;
    this.faults = faults;
    this.out = out;
  }

  /**
   * Replays the recordings of a directory, or one file, in the order of their names, which is that
   * of time.
   *
   * @return the exit code: 0 if all are the same, 1 if one differs, 2 if they can't be replayed
   */
  public int run(Path recordings) {
    List<Path> files;
    try {
      files = cases(recordings);
    } catch (IOException e) {
      out.println("There are no recordings at " + recordings + ": " + faults.apply(e));
      return TROUBLE;
    }
    if (files.isEmpty()) {
      out.println("There are no recordings (*.case) in " + recordings);
      return TROUBLE;
    }
    try (ReplayedUpstream upstream = ReplayedUpstream.start()) {
      return run(files, upstream);
    } catch (Exception | LinkageError e) {
      out.println("The recordings can't be replayed: " + faults.apply(e));
      return TROUBLE;
    }
  }

  private static List<Path> cases(Path recordings) throws IOException {
    if (Files.isRegularFile(recordings)) {
      return List.of(recordings);
    }
    try (Stream<Path> files = Files.list(recordings)) {
      return files.filter(file -> file.toString().endsWith(".case")).sorted().toList();
    }
  }

  private int run(List<Path> files, ReplayedUpstream upstream) throws Exception {
    Main camel = configured.call();
    camel.setOverrideProperties(settings());
    RecordedState state = new RecordedState();
    camel.bind("caravanRecordedState", state);
    try {
      camel.start();
      ReplayedExchange exchanges =
          new ReplayedExchange(
              camel.getCamelContext(),
              camel.getCamelContext().getRegistry().findSingleByType(RecordExchange.class),
              upstream,
              state);
      return replay(files, exchanges);
    } finally {
      camel.stop();
    }
  }

  private int replay(List<Path> files, ReplayedExchange exchanges) throws InterruptedException {
    int different = 0;
    int failed = 0;
    for (Path file : files) {
      try {
        CaseFile recorded = CaseFile.parse(Files.readAllBytes(file));
        List<String> differences =
            new CaseDifferences(recorded, exchanges.replay(recorded)).describe();
        out.println(file.getFileName() + (differences.isEmpty() ? ": the same" : ": different"));
        differences.forEach(out::println);
        different += differences.isEmpty() ? 0 : 1;
      } catch (IOException | IllegalArgumentException | IllegalStateException e) {
        out.println(file.getFileName() + ": not replayed: " + faults.apply(e));
        failed++;
      }
    }
    int same = files.size() - different - failed;
    out.println(
        files.size()
            + " recordings: "
            + same
            + " the same, "
            + different
            + " different, "
            + failed
            + " not replayed");
    return failed > 0 ? TROUBLE : different > 0 ? DIFFERENT : SAME;
  }

  private static Properties settings() {
    Properties settings = QuietStart.quiet();
    settings.put("caravan.record.enabled", "true");
    settings.put("caravan.record.keys", "");
    settings.put("caravan.record.sessions", "");
    settings.put("caravan.record.percent", "100");
    // A recording may be larger now.
    settings.put("caravan.record.max-size", Long.toString(Long.MAX_VALUE / 2));
    settings.put("caravan.api-keys", "");
    settings.put("caravan.client-keys-file", "");
    settings.put("caravan.tls.enabled", "false");
    settings.put("caravan.redis.url", "");
    settings.put("caravan.upstream.proxy", "");
    settings.put("caravan.hedge.enabled", "false");
    // What judges and searches said is in no recording.
    settings.put("caravan.judge.model", "");
    settings.put("caravan.judge.route", "");
    settings.put("caravan.web-search.route", "direct:no-web-search");
    return settings;
  }
}
