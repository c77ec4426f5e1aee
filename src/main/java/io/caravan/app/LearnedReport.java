package io.caravan.app;

import io.caravan.anthropic.AnthropicException;
import io.caravan.camel.StartedBean;
import io.caravan.provider.learned.LearnedQuirks;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports the quirks learned about upstreams: each in the log and a metric when it is learned, and
 * all of them at {@code GET /observe/learned} of the management server, as YAML to paste into a
 * provider's file. {@code DELETE} forgets them, all or those of a {@code provider}, a {@code model}
 * or with a {@code quirk}.
 */
public final class LearnedReport extends StartedBean {
  static final String PATH = "/observe/learned";

  private static final List<String> FILTERS = List.of("provider", "model", "quirk");

  private static final Logger LOG = LoggerFactory.getLogger(LearnedReport.class);

  private LearnedQuirks quirks;

  /** Sets the memory of the quirks. */
  public void setQuirks(LearnedQuirks quirks) {
    this.quirks = quirks;
  }

  @Override
  protected void started(CamelContext context) {
    quirks.onLearned(reporter());
    ManagementPath.add(context, PATH, this::answer, this::forget);
  }

  private Consumer<LearnedQuirks.Learned> reporter() {
    MeterRegistry meters = getCamelContext().getRegistry().findSingleByType(MeterRegistry.class);
    return learned -> {
      LOG.info(
          "{} of {} goes {} from now on{} ({}); see {} of the management server",
          learned.model(),
          learned.provider(),
          learned.quirk(),
          learned.tenant().isEmpty() ? "" : " for requests of " + learned.tenant(),
          learned.complaint(),
          PATH);
      if (meters != null) {
        Counter.builder("caravan_learned")
            .description("Facts learned from upstreams' refusals")
            .tag("provider", learned.provider())
            .register(meters)
            .increment();
      }
    };
  }

  private void forget(RoutingContext context) {
    MultiMap wanted = context.queryParams();
    for (String name : wanted.names()) {
      if (!FILTERS.contains(name)) {
        ManagementPath.refuse(
            context,
            AnthropicException.invalid(
                "There is no filter of that name; there are " + String.join(", ", FILTERS)));
        return;
      }
    }
    int forgotten =
        quirks.forget(
            learned ->
                is(wanted.get("provider"), learned.provider())
                    && is(wanted.get("model"), learned.model())
                    && is(wanted.get("quirk"), learned.quirk().toString()));
    LOG.info("{} learned facts were forgotten on request", forgotten);
    ManagementPath.forgotten(context, forgotten);
  }

  private static boolean is(String wanted, String value) {
    return wanted == null || wanted.equals(value);
  }

  private void answer(RoutingContext context) {
    Set<String> providers = new TreeSet<>();
    quirks.all().forEach(learned -> providers.add(learned.provider()));
    StringBuilder yaml = new StringBuilder();
    for (String provider : providers) {
      yaml.append(quirks.exportYaml(provider));
    }
    context
        .response()
        .putHeader("content-type", "application/yaml")
        .end(yaml.isEmpty() ? "# Nothing so far.\n" : yaml.toString());
  }
}
