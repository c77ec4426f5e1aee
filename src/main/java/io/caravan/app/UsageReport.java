package io.caravan.app;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorBody;
import io.caravan.camel.ContextBean;
import io.caravan.http.BrowserGuard;
import io.caravan.observe.UsageTotals;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import org.apache.camel.CamelContext;
import org.apache.camel.StartupListener;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;

/** Serves the usage of each key and day at {@code GET /observe/usage} of the management server. */
public final class UsageReport extends ContextBean implements StartupListener {
  static final String PATH = "/observe/usage";

  private UsageTotals totals = new UsageTotals();

  /** Sets the sums that are reported. */
  public void setTotals(UsageTotals totals) {
    this.totals = totals;
  }

  /** Registers the bean, once it is configured. */
  public void listen() throws Exception {
    getCamelContext().addStartupListener(this);
  }

  @Override
  public void onCamelContextStarted(CamelContext context, boolean alreadyStarted) {
    // The management server runs once the context has started fully.
  }

  @Override
  public void onCamelContextFullyStarted(CamelContext context, boolean alreadyStarted) {
    if (!isInForce() || !ServerPages.serverIsCamels(context)) {
      return;
    }
    for (VertxPlatformHttpRouter router :
        context.getRegistry().findByType(VertxPlatformHttpRouter.class)) {
      if (router.isManagementServer()) {
        BrowserGuard guard =
            new BrowserGuard(
                context.resolvePropertyPlaceholders(
                    "{{caravan.allowed-hosts:localhost,127.0.0.1,[::1]}}"));
        router.get(PATH).handler(request -> answer(guard, request));
      }
    }
  }

  /** Refuses web pages, as the names and the spending of people are nobody else's. */
  private void answer(BrowserGuard guard, RoutingContext context) {
    context.response().putHeader("content-type", "application/json");
    try {
      guard.check(context.request().getHeader("host"), context.request().getHeader("origin"));
      context.response().end(totals.json());
    } catch (AnthropicException e) {
      context.response().setStatusCode(e.status()).end(Buffer.buffer(ErrorBody.write(e, null)));
    }
  }
}
