package io.caravan;

import io.caravan.app.Ahead;
import io.caravan.app.CommandLine;
import io.caravan.app.Differences;
import io.caravan.app.Faults;
import io.caravan.app.NewKey;
import io.caravan.app.OwnClasses;
import io.caravan.app.Rehearsal;
import io.caravan.app.RouteFiles;
import io.caravan.doctor.Doctor;
import io.caravan.doctor.JudgeTest;
import io.caravan.launch.Code;
import io.caravan.launch.OwnProcess;
import io.caravan.launch.Setup;
import io.caravan.launch.Words;
import io.caravan.log.LogFormat;
import io.caravan.log.LogGuard;
import io.caravan.reload.ReloadableMain;
import io.caravan.reload.TriedEdits;
import io.caravan.replay.Replay;
import io.caravan.scout.Scout;
import io.caravan.settings.CommandLineSettings;
import io.caravan.settings.KnownSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.Supplier;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.slf4j.LoggerFactory;

/**
 * The main class of the runnable jar. It serves the routes of the working directory, and each
 * bundled one that has no file of the same name there. A fault ends it with one line and a non-zero
 * exit code.
 */
public final class Caravan {
  private static final Path HERE = Path.of("");
  private static final int FAULT = 1;
  private static final int TROUBLE = 2;

  private Caravan() {}

  /** Runs a command; without an argument it serves. */
  public static void main(String[] args) throws Exception {
    CommandLine line = read(() -> CommandLine.of(List.of(args)));
    switch (line.command()) {
      case "code" -> System.exit(code(words(line)));
      case "setup" -> System.exit(setUp(words(line)));
      case "doctor" -> System.exit(examine(words(line)));
      case "judge-test" -> System.exit(testJudge());
      case "scout" -> System.exit(scout(line.words()));
      case "diff" -> System.exit(compare());
      case "rehearse" -> System.exit(rehearse(line));
      case "replay" -> System.exit(replay(line.words()));
      case "key" -> System.exit(NewKey.make(line.words(), System.out, System.err));
      case "version" -> System.out.println("Caravan " + version());
      case "help" -> System.out.println(usage());
      default -> System.exit(serve(line));
    }
  }

  private static int serve(CommandLine line) {
    try {
      ReloadableMain camel = prepared(line);
      camel.run();
      return camel.getExitCode();
    } catch (Exception | LinkageError e) {
      System.err.println("Caravan did not start: " + fault(e));
      return FAULT;
    }
  }

  /**
   * Prepares what {@link #serve} does, so that an archive of a rehearsal has each of its classes.
   */
  private static int rehearse(CommandLine line) throws Exception {
    return new Rehearsal(prepared(line), System.err).run();
  }

  private static ReloadableMain prepared(CommandLine line) throws IOException {
    Ahead.begin();
    LogFormat.choose(HERE, System.getenv());
    LogGuard.install();
    ReloadableMain camel = new ReloadableMain();
    KnownSettings settings = checkedSettings(HERE);
    warn(settings.repeated());
    warn(settings.unread(System.getenv()));
    warn(RouteFiles.passedOver(HERE));
    configureReloadable(camel, HERE);
    camel.addMainListener(
        new MainListenerSupport() {
          @Override
          public void beforeInitialize(BaseMainSupport main) {
            CommandLineSettings.add(
                main.getCamelContext(), line.settings(), CommandLine.optionsByKey());
          }
        });
    return camel;
  }

  private static void warn(String words) {
    if (!words.isEmpty()) {
      LoggerFactory.getLogger("io.caravan").warn("{}", words);
    }
  }

  private static String fault(Throwable fault) {
    return Faults.inOneLine(fault, HERE);
  }

  private static KnownSettings checkedSettings(Path directory) throws IOException {
    KnownSettings settings =
        KnownSettings.in(directory, RouteFiles.under(directory).texts().values());
    settings.check();
    return settings;
  }

  private static int code(Words words) throws InterruptedException {
    return new Code(words.places(), System.getenv(), System.err).run(words);
  }

  private static int setUp(Words words) throws InterruptedException {
    return new Setup(words.places(), System.getenv(), System.out, System.err).run(words);
  }

  /** Reads the words behind a command that reads nothing of the directory it stands in. */
  private static Words words(CommandLine line) {
    return read(() -> Words.of(line.words()));
  }

  private static <T> T read(Supplier<T> words) {
    try {
      return words.get();
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + " (--help lists commands and options)");
      System.exit(TROUBLE);
      throw e;
    }
  }

  /** Examines the directory of settings, in a process that stands in it. */
  private static int examine(Words words) throws IOException, InterruptedException {
    if (!List.of("--json").containsAll(words.options())) {
      System.err.println("doctor has no option " + words.options().get(0) + "; it has --json");
      return TROUBLE;
    }
    Path config = words.places().config();
    if (!OwnProcess.standsIn(config)) {
      List<String> command = new ArrayList<>(List.of("doctor", "--config", config.toString()));
      command.addAll(words.options());
      return OwnProcess.run(config, command);
    }
    PrintStream out = quietly("off");
    return new Doctor(() -> another(HERE), Caravan::fault)
        .examine(new Properties(), words.options().contains("--json"), out, System.err);
  }

  private static int testJudge() {
    PrintStream out = quietly("error");
    return new JudgeTest(() -> another(HERE), Caravan::fault).run(out);
  }

  private static int replay(List<String> args) {
    if (args.size() != 1) {
      System.err.println("Name the directory of the recordings: java -jar caravan.jar replay DIR");
      return TROUBLE;
    }
    return new Replay(() -> another(HERE), Caravan::fault, System.out).run(Path.of(args.get(0)));
  }

  private static int scout(List<String> args) {
    PrintStream out = quietly("error");
    return new Scout(() -> another(HERE), Caravan::fault, HERE, System.in, out, System.err)
        .run(args, new Properties());
  }

  /**
   * Keeps the log out of a report: it goes to standard output, and its lines would break the
   * progress.
   *
   * @param level the level of the log, unless the JVM's own options name one
   * @return standard output, which is the report's alone
   */
  private static PrintStream quietly(String level) {
    PrintStream out = System.out;
    System.setOut(System.err);
    System.setProperty("caravan.log-level", System.getProperty("caravan.log-level", level));
    return out;
  }

  private static int compare() {
    try {
      return new Differences(HERE, Caravan.class.getClassLoader(), System.out).show();
    } catch (IOException e) {
      System.err.println("Caravan can't compare the files: " + fault(e));
      return TROUBLE;
    }
  }

  /**
   * Configures Camel with the settings and routes of a directory, and the bundled ones after them.
   *
   * @throws IOException if the bundled files or the directory can't be read
   */
  static void configure(Main camel, Path directory) throws IOException {
    camel.setPropertyPlaceholderLocations(
        "file:"
            + directory.resolve("application.properties")
            + ";optional=true,"
            + "classpath:application.properties;optional=true");
    List<String> routes = RouteFiles.under(directory).locations();
    camel.configure().withRoutesIncludePattern(String.join(",", routes));
    OwnClasses.add(camel, directory);
  }

  /**
   * Configures Camel in the same way, with live reload if it is on.
   *
   * @throws IOException if the bundled files or the directory can't be read
   */
  static void configureReloadable(ReloadableMain camel, Path directory) throws IOException {
    configure(camel, directory);
    TriedEdits.Guard edits =
        new TriedEdits.Guard(
            () -> configured(directory),
            () -> RouteFiles.under(directory).locations(),
            Caravan::fault);
    camel.addMainListener(
        new MainListenerSupport() {
          @Override
          public void beforeConfigure(BaseMainSupport main) {
            edits.read(camel);
          }

          @Override
          public void afterConfigure(BaseMainSupport main) {
            try {
              edits.prepare(camel);
            } catch (Exception e) {
              throw RuntimeCamelException.wrapRuntimeException(e);
            }
          }
        });
  }

  private static Main another(Path directory) throws IOException {
    checkedSettings(directory);
    return configured(directory);
  }

  private static Main configured(Path directory) throws IOException {
    Main another = new Main();
    configure(another, directory);
    return another;
  }

  static String version() {
    String version = Caravan.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }

  private static String usage() {
    return """
        Usage: java -jar caravan.jar [COMMAND]
          serve      serve the Messages API (default; --host 127.0.0.1, --port 8085, --management-host,
                     --management-port; they come before the settings of files and the environment)
          code       run Claude Code (the claude of the PATH) with this gateway, which is started if it
                     does not run: code [--config DIR] [-- ARGUMENTS OF CLAUDE]
          setup      write the same into Claude Code's settings (--undo takes it out)
          doctor     test the configuration and each configured model, and report what to change
                     (--config DIR for another directory of settings than ~/.config/caravan;
                     --json for a report that programs read; exit code 1 if there is a problem)
          judge-test show labelled tool calls to the judge (MODEL_JUDGE) and print what it allows or
                     blocks wrongly (exit code 1 if it allows something that it must not)
          scout      try the models of a provider as Claude Code uses them, and print which work
                     ([PROVIDER] [--pace 40] [--timeout 45] [--only PART-OF-AN-ID] [--out FILE] [--json]
                     [--yes] [--fresh]; exit code 1 if none works, 2 if it has not come to its end)
          diff       show how routes/ and application.properties here differ from the bundled files
                     (exit code 1 if a copy differs)
          replay DIR run the recordings in a directory through the routes here, offline, and show what
                     has become different (exit code 1 if something has)
          key new    NAME [rpm=60 monthly-usd=25 …]: make a client key; the line for the key file goes
                     to standard output, the key itself to standard error
          rehearse   serve on ports of its own, answer some requests of its own, and end: for an archive
                     of classes (bin/caravan makes one)
          --version  print the version
          --help     print this""";
  }
}
