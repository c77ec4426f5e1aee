package io.caravan.app;

import io.caravan.camel.StartedBean;
import io.caravan.observe.UsageTotals;
import io.vertx.ext.web.RoutingContext;
import org.apache.camel.CamelContext;

/** Serves the usage of each key and day at {@code GET /observe/usage} of the management server. */
public final class UsageReport extends StartedBean {
  static final String PATH = "/observe/usage";

  private UsageTotals totals = new UsageTotals();

  /** Sets the sums that are reported. */
  public void setTotals(UsageTotals totals) {
    this.totals = totals;
  }

  @Override
  protected void started(CamelContext context) {
    ManagementPath.add(context, PATH, this::show);
  }

  private void show(RoutingContext context) {
    context.response().putHeader("content-type", "application/json").end(totals.json());
  }
}
