package io.caravan.doctor;

import io.caravan.exchange.ModelChoice;
import io.caravan.models.ModelDirectory;
import io.caravan.models.UpstreamCheck;
import io.caravan.provider.Provider;
import java.io.PrintStream;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;

/**
 * Tests the configuration: its files, its ports, and each configured model with real calls through
 * the provider's own route. It serves no requests, so that it can run beside a running gateway.
 */
public final class Doctor {
  private final Configured configured;
  private final Function<Throwable, String> faults;

  /**
   * Makes a doctor.
   *
   * @param configured makes an application that is configured with routes and settings and not
   *     started
   * @param faults returns one line that explains why the application did not start
   */
  public Doctor(Configured configured, Function<Throwable, String> faults) {
    this.configured = configured;
    this.faults = faults;
  }

  /**
   * Examines the configuration and writes the report.
   *
   * @param settings the settings that take precedence over all others
   * @param json true for a report as one JSON object
   * @param err shows what is being tried, in a line that is written over
   * @return the exit code: 0 without a problem, 1 with one
   */
  public int examine(Properties settings, boolean json, PrintStream out, PrintStream err) {
    Report report = new Report(out, err, json);
    Properties overrides = QuietStart.quiet();
    overrides.putAll(settings);
    try {
      examine(configured.get(), overrides, report);
    } catch (Exception | LinkageError e) {
      report.add(
          Finding.problem(
              "configuration", faults.apply(e), "Caravan does not start until this is fixed"));
    }
    report.end();
    return report.isWell() ? 0 : 1;
  }

  private static void examine(Main camel, Properties settings, Report report) throws Exception {
    camel.setOverrideProperties(settings);
    try {
      camel.start();
      examine(camel.getCamelContext(), report);
    } finally {
      camel.stop();
    }
  }

  private static void examine(CamelContext context, Report report) throws InterruptedException {
    ModelDirectory models = context.getRegistry().findSingleByType(ModelDirectory.class);
    report.add(
        Finding.ok(
            "configuration",
            context.getRoutesSize() + " routes, " + models.providerNames().size() + " providers"));
    new PortCheck(context).examine(report);
    Map<String, ModelChoice> choices = new LinkedHashMap<>();
    models.allConfigured().forEach(full -> choices.put(full, models.choose(full)));
    Set<String> callable = callable(context, report);
    for (ModelChoice choice : choices.values()) {
      Provider provider = choice.provider();
      if (provider.demonstration() || callable.contains(provider.getName())) {
        ModelCheck.examine(context, choice, report);
      }
    }
    report.trying("auto mode");
    new JudgeCheck(context).examine(report);
  }

  /** Returns the names of the providers that can be called, and reports why others can't. */
  private static Set<String> callable(CamelContext context, Report report) {
    Set<String> callable = new HashSet<>();
    UpstreamCheck check = new UpstreamCheck(context, true);
    for (Provider provider : check.providers()) {
      if (ProviderCheck.examine(check, provider, report)) {
        callable.add(provider.getName());
      }
    }
    return callable;
  }
}
