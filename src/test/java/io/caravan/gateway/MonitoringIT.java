package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.metrics.KeyMetrics;
import io.caravan.metrics.RequestMetrics;
import io.caravan.observe.RequestRecord;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.Records;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Compares a scrape with the dashboard and the alert rules, and bounds its series. */
@Timeout(120)
class MonitoringIT {
  private static final Pattern NAME = Pattern.compile("\\b(?:caravan|jvm|process)_[a-z_]+");
  private static final String BODY =
      "{\"model\":\"%s\",\"top_k\":3,\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  @TempDir Path directory;
  private ScriptedUpstream upstream;
  private Gateway gateway;

  @BeforeEach
  void start() throws Exception {
    upstream = ScriptedUpstream.start();
    upstream.answer(request -> Script.says("Hello"));
    gateway =
        Gateway.before(
            upstream,
            "caravan.model.default",
            "nim/first/model",
            "caravan.nim.rate-limit",
            "100000",
            "caravan.metrics.per-key",
            "true",
            "caravan.metrics.max-keys",
            "100");
    io.caravan.provider.ModelCard card = new io.caravan.provider.ModelCard();
    card.setProvider("nim");
    card.setId("first/model");
    card.setInputPrice(10.0);
    card.setOutputPrice(20.0);
    gateway.context().getRegistry().bind("nim/first/model", card);
  }

  @AfterEach
  void stop() {
    gateway.close();
    upstream.close();
  }

  private String scrape() {
    return gateway.context().getRegistry().findSingleByType(PrometheusMeterRegistry.class).scrape();
  }

  private void ask(String model) throws Exception {
    gateway.post("/v1/messages", BODY.formatted(model));
  }

  @Test
  void eachMetricOfDashboardAndRulesIsInAScrape() throws Exception {
    ask("claude-sonnet");
    gateway.awaitNothingOpen();
    Set<String> samples = new TreeSet<>();
    scrape()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(line -> samples.add(line.split("[{ ]", 2)[0]));

    for (String file : new String[] {"rules.yaml", "dashboard.json"}) {
      Set<String> named = new TreeSet<>();
      Matcher names = NAME.matcher(Files.readString(Path.of("deploy/monitoring", file)));
      while (names.find()) {
        named.add(names.group());
      }
      assertThat(named).as(file).hasSizeGreaterThan(5);
      assertThat(samples).as(file).containsAll(named);
    }
    assertThat(samples)
        .contains("caravan_build", "caravan_key_requests_total", "jvm_threads_live_threads");
  }

  @Test
  void eachMetricOfCaravanHasItsHelp() throws Exception {
    ask("claude-sonnet");
    gateway.awaitNothingOpen();

    assertThat(scrape().lines())
        .filteredOn(line -> line.startsWith("# HELP caravan_"))
        .isNotEmpty()
        .allMatch(line -> line.split(" ", 4).length == 4 && !line.split(" ", 4)[3].isBlank());
  }

  @Test
  void promtoolAcceptsTheRules() throws Exception {
    org.junit.jupiter.api.Assumptions.assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/promtool")), "promtool is not installed");
    Process promtool =
        new ProcessBuilder("promtool", "check", "rules", "deploy/monitoring/rules.yaml")
            .redirectErrorStream(true)
            .start();
    String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(promtool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(said).contains("SUCCESS");
    assertThat(promtool.exitValue()).as(said).isZero();
  }

  @Test
  void namesThatClientsMakeUpLeaveTheSeriesBounded() throws Exception {
    Records records = Records.of(gateway);
    for (int i = 0; i < 200; i++) {
      ask("nim/made-up/model-" + i);
    }
    gateway.awaitNothingOpen();
    RequestRecord example = records.all().get(records.all().size() - 1);
    RequestMetrics requests =
        gateway.context().getRegistry().findSingleByType(RequestMetrics.class);
    KeyMetrics keys = gateway.context().getRegistry().findSingleByType(KeyMetrics.class);
    for (int i = 0; i < 10_000; i++) {
      RequestRecord made = madeUp(example, i);
      requests.started();
      requests.ended(made);
      keys.ended(made);
    }

    MeterRegistry meters = gateway.context().getRegistry().findSingleByType(MeterRegistry.class);
    assertThat(meters.getMeters())
        .filteredOn(meter -> meter.getId().getName().startsWith("caravan_"))
        .hasSizeLessThan(700);
    assertThat(scrape()).doesNotContain("made-up").contains("key=\"other\"");
  }

  private static RequestRecord madeUp(RequestRecord from, int i) {
    return new RequestRecord(
        "req_" + i,
        from.acceptedAt(),
        from.route(),
        new RequestRecord.Caller("key-" + i, "session-" + i, "agent-" + i, "made-up/" + i),
        new RequestRecord.Model("made-up-" + i, "nim", "made-up/model-" + i, from.model().label()),
        from.calls(),
        from.ending(),
        new RequestRecord.Tokens(1, 1, 1, 1, false, false),
        1L,
        1,
        1,
        from.stages(),
        from.translation());
  }
}
