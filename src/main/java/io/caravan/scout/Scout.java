package io.caravan.scout;

import io.caravan.doctor.Configured;
import io.caravan.doctor.QuietStart;
import io.caravan.models.ModelDirectory;
import io.caravan.models.UpstreamModels;
import io.caravan.models.UpstreamModels.Listing;
import io.caravan.provider.ChatModels;
import io.caravan.provider.ModelCard;
import io.caravan.provider.Provider;
import io.caravan.provider.learned.LearnedQuirks;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;

/**
 * Tries the models of a provider as Claude Code would use them, and says which work. It serves no
 * requests, so that it can run beside a running gateway.
 */
public final class Scout {
  private static final int FOUND = 0;
  private static final int NONE = 1;
  private static final int STOPPED = 2;

  /** The cards take the place of those of any other file if theirs is loaded last: by its name. */
  private static final String FIRST_LETTERS = "zz-scout-";

  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmssSSS");

  private final Configured configured;
  private final Function<Throwable, String> faults;
  private final Path directory;
  private final InputStream in;
  private final PrintStream out;
  private final PrintStream err;

  /**
   * Makes a scout.
   *
   * @param configured makes an application that is configured and not started
   * @param faults returns one line that explains why the application did not start
   * @param directory the directory of the state and of {@code routes/providers}
   * @param in the answers of a person
   * @param out the report
   * @param err progress, questions and messages
   */
  public Scout(
      Configured configured,
      Function<Throwable, String> faults,
      Path directory,
      InputStream in,
      PrintStream out,
      PrintStream err) {
    this.configured = configured;
    this.faults = faults;
    this.directory = directory;
    this.in = in;
    this.out = out;
    this.err = err;
  }

  /** Thrown if the run ends before the models are tried; the message says why. */
  private static final class Stopped extends Exception {
    private static final long serialVersionUID = 1;

    Stopped(String message) {
      super(message);
    }
  }

  /**
   * Runs the command.
   *
   * @param arguments what follows the command's name
   * @param settings the settings that take precedence over all others
   * @return the exit code: 0 if a model works, 1 if none does, 2 if the run has not come to its end
   */
  public int run(List<String> arguments, Properties settings) {
    try {
      ScoutOptions options = ScoutOptions.of(arguments);
      Main camel = configured.get();
      camel.setOverrideProperties(overrides(options, settings));
      try {
        camel.start();
        return run(camel.getCamelContext(), options);
      } finally {
        camel.stop();
      }
    } catch (Stopped | IllegalArgumentException e) {
      err.println(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      err.println("Interrupted. The same command goes on from here.");
    } catch (Exception | LinkageError e) {
      err.println(faults.apply(e));
    }
    return STOPPED;
  }

  /** Returns the settings for which each call counts: no retries, no pauses, short timeouts. */
  private static Properties overrides(ScoutOptions options, Properties settings) {
    Properties all = QuietStart.quiet();
    String timeout = String.valueOf(options.timeoutSeconds() * 1000L);
    all.put("caravan.retry.attempts", "1");
    all.put("caravan.retry.total", "1");
    all.put("caravan.cooldown.failures", "1000000");
    all.put("caravan.hedge.enabled", "false");
    all.put("caravan.upstream.first-byte-timeout", timeout);
    all.put("caravan.upstream.byte-idle-timeout", timeout);
    all.put("caravan.upstream.payload-idle-timeout", timeout);
    all.put("caravan.upstream.total-timeout", String.valueOf(options.timeoutSeconds() * 4000L));
    all.putAll(settings);
    return all;
  }

  private int run(CamelContext context, ScoutOptions options) throws Exception {
    ModelDirectory models = context.getRegistry().findSingleByType(ModelDirectory.class);
    Provider provider = provider(models, context, options);
    Path cards = checkedOut(options, provider);
    List<String> listed = listed(context, provider, options);
    List<String> chat = listed.stream().filter(ChatModels::isChat).toList();
    StateFile file = stateFile(provider);
    StateFile.State before =
        options.fresh() ? new StateFile.State(Map.of(), List.of()) : file.read();
    Map<String, Result> results = new LinkedHashMap<>(before.results());
    List<String> left = chat.stream().filter(id -> !results.containsKey(id)).toList();
    announce(options, provider, listed.size(), chat.size(), left.size());
    Pace pace = new Pace(options.pace(), new SystemTimer());
    pace.made(before.calls());
    scout(context, models, provider.getName(), file, pace, results, left);
    List<Result> tried = chat.stream().map(results::remove).toList();
    List<String> leftOut = new ArrayList<>(listed);
    leftOut.removeAll(chat);
    ScoutReport report = ScoutReport.of(provider.getName(), tried, leftOut);
    report(context, models, report, options, cards);
    if (results.isEmpty()) {
      file.remove();
    } else {
      // A run of other models (--only) was not finished.
      file.write(new StateFile.State(results, pace.recent()));
    }
    return report.working().isEmpty() ? NONE : FOUND;
  }

  private static Provider provider(
      ModelDirectory models, CamelContext context, ScoutOptions options) throws Stopped {
    String name = options.provider();
    if (name.isEmpty()) {
      name = models.configured().get("default").replaceFirst("/.*", "");
    }
    Provider provider = context.getRegistry().lookupByNameAndType(name, Provider.class);
    if (provider == null) {
      throw new Stopped(
          "There is no provider "
              + Printable.of(name)
              + "; there are "
              + String.join(", ", models.providerNames()));
    }
    if (provider.demonstration()) {
      throw new Stopped(
          name
              + " is the demonstration upstream, which is no model: set "
              + provider.getKeySetting()
              + ", or the base URL of a server of your own");
    }
    boolean keyMissing =
        provider.getKeySetting() != null
            && !provider.hasKey()
            && provider.getBaseUrl().startsWith("https:");
    if (keyMissing) {
      throw new Stopped(name + " has no key: set " + provider.getKeySetting());
    }
    return provider;
  }

  /** Returns the file for the cards, which must not be there. */
  private Path checkedOut(ScoutOptions options, Provider provider) throws Stopped {
    String stamp = LocalDateTime.now(ZoneId.systemDefault()).format(STAMP);
    Path file =
        options.out() != null
            ? options.out()
            : directory
                .resolve("routes/providers")
                .resolve(FIRST_LETTERS + fileName(provider) + "-" + stamp + ".camel.yaml");
    if (Files.exists(file)) {
      throw new Stopped(file + " is there already, and scout changes no file: name another --out");
    }
    return file;
  }

  private static String fileName(Provider provider) {
    return provider.getName().replaceAll("[^A-Za-z0-9_-]+", "-");
  }

  private StateFile stateFile(Provider provider) {
    return new StateFile(
        directory.resolve("caravan-scout-" + fileName(provider) + ".json"), provider.getBaseUrl());
  }

  private static List<String> listed(CamelContext context, Provider provider, ScoutOptions options)
      throws Stopped {
    UpstreamModels upstreams = context.getRegistry().findSingleByType(UpstreamModels.class);
    List<String> ids = new ArrayList<>(new TreeSet<>(upstreams.idsOf(provider)));
    Listing listing = upstreams.listings().get(provider.getName());
    if (listing.failure() != null) {
      throw new Stopped(
          provider.getName()
              + " gives no list of its models: "
              + listing.failure()
              + " ("
              + provider.modelsUrl()
              + ")");
    }
    if (ids.isEmpty()) {
      throw new Stopped(provider.getName() + " lists no models (" + provider.modelsUrl() + ")");
    }
    ids.removeIf(id -> !id.contains(options.only()));
    if (ids.isEmpty()) {
      throw new Stopped(
          provider.getName()
              + " lists no model with "
              + Printable.of(options.only())
              + " in its id");
    }
    return ids;
  }

  /** Says what the run costs, and asks if that is money. */
  private void announce(ScoutOptions options, Provider provider, int listed, int chat, int left)
      throws IOException, Stopped {
    int most = Trial.MOST_CHECKS * left;
    int pace = Pace.half(options.pace());
    err.println(
        provider.getName()
            + " lists "
            + listed
            + " models; no chat models among them: "
            + (listed - chat)
            + ". "
            + (left == chat ? "" : (chat - left) + " were tried before. ")
            + left
            + " are tried: "
            + left
            + " calls at least, one more for each check that a model passes, "
            + most
            + " at most; at "
            + pace
            + " a minute, half of --pace "
            + options.pace()
            + ", "
            + (left + pace - 1) / pace
            + " to "
            + (most + pace - 1) / pace
            + " minutes.");
    if (left > 0 && !options.yes() && Metering.isMetered(provider)) {
      err.print(provider.getName() + " may charge for these calls. Go on? [y/N] ");
      err.flush();
      String said =
          new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
      if (said == null || !said.strip().matches("(?i)y|yes")) {
        throw new Stopped("Nothing was called. --yes goes on without a question.");
      }
    }
  }

  private void scout(
      CamelContext context,
      ModelDirectory models,
      String provider,
      StateFile file,
      Pace pace,
      Map<String, Result> results,
      List<String> left)
      throws Exception {
    Progress progress = new Progress(err, left.size());
    Scouting.Watcher watcher =
        new Scouting.Watcher() {
          @Override
          public void called(String model) throws IOException {
            progress.called(model);
            file.write(new StateFile.State(results, pace.recent()));
          }

          @Override
          public void tried(Result result) throws IOException {
            progress.tried(result);
            results.put(result.id(), result);
            file.write(new StateFile.State(results, pace.recent()));
          }
        };
    Scouting scouting =
        new Scouting(
            new RouteProbe(context, models, provider),
            pace,
            new SystemTimer(),
            result -> result.ofWindow(window(models, provider, result.id())),
            watcher);
    Thread farewell =
        new Thread(
            () -> err.println(System.lineSeparator() + "The same command goes on from here."));
    Runtime.getRuntime().addShutdownHook(farewell);
    try {
      scouting.run(left);
    } catch (AccountRefused e) {
      throw new Stopped(
          System.lineSeparator()
              + "Stopped, as "
              + provider
              + " refuses the account: "
              + e.getMessage()
              + System.lineSeparator()
              + "Once that is settled, the same command goes on from here.");
    } finally {
      removed(farewell);
    }
    progress.end();
  }

  private static void removed(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is being ended, and the hook says so.
    }
  }

  private static int window(ModelDirectory models, String provider, String id) {
    ModelCard card = models.choose(provider + "/" + id).card();
    return card == null || card.getContextWindow() == null ? 0 : card.getContextWindow();
  }

  private void report(
      CamelContext context,
      ModelDirectory models,
      ScoutReport report,
      ScoutOptions options,
      Path cards)
      throws IOException {
    String provider = report.provider();
    LearnedQuirks learned = context.getRegistry().findSingleByType(LearnedQuirks.class);
    CardFile writer =
        new CardFile(
            provider,
            id -> models.choose(provider + "/" + id).card(),
            id -> learned.cardProperties(provider, id));
    String when =
        LocalDateTime.now(ZoneId.systemDefault()).format(DateTimeFormatter.ISO_LOCAL_DATE);
    boolean written = writer.write(cards, report.results(), when);
    if (options.json()) {
      out.println(report.json(written ? cards.toString() : null));
    } else {
      report.print(out);
      if (written) {
        out.println("The cards are in " + cards + ".");
      }
    }
  }

  /** The time of this machine. */
  private static final class SystemTimer implements Pace.Timer {
    @Override
    public long millis() {
      return System.currentTimeMillis();
    }

    @Override
    public void sleep(long millis) throws InterruptedException {
      Thread.sleep(millis);
    }
  }
}
