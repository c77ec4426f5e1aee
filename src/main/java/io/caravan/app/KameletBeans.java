package io.caravan.app;

import io.caravan.exchange.Conversations;
import io.caravan.http.UpstreamHttp;
import io.caravan.limits.client.ClientLimits;
import io.caravan.limits.upstream.Admissions;
import io.caravan.metrics.RequestMetrics;
import io.caravan.metrics.UpstreamMetrics;
import io.caravan.provider.learned.LearnedQuirks;
import io.caravan.tokens.JtokkitTokenCounter;
import io.caravan.tokens.TokenCounter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Endpoint;
import org.apache.camel.Ordered;
import org.apache.camel.spi.ContextServicePlugin;
import org.apache.camel.support.LifecycleStrategySupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds the beans that the Kamelets refer to by name to an application that declares none. Each is
 * made with its default settings when a Kamelet first needs it. Two have no default, since only the
 * application knows them: its client keys and its models.
 *
 * <p>Camel finds this class in every application that has the library on its class path.
 */
public final class KameletBeans extends LifecycleStrategySupport
    implements ContextServicePlugin, Ordered {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan");

  private static final List<Default> DEFAULTS =
      List.of(
          new Default("caravanTokenCounter", TokenCounter.class, JtokkitTokenCounter::new),
          new Default("caravanConversations", Conversations.class, Conversations::new),
          new Default("caravanQuirks", LearnedQuirks.class, LearnedQuirks::new),
          new Default("caravanUpstreamHttp", UpstreamHttp.class, UpstreamHttp::new),
          new Default("caravanAdmissions", Admissions.class, Admissions::new),
          new Default("caravanClientLimits", ClientLimits.class, ClientLimits::new),
          new Default("caravanMetrics", RequestMetrics.class, RequestMetrics::new),
          new Default("caravanUpstreamMetrics", UpstreamMetrics.class, UpstreamMetrics::new));

  private final Deque<AutoCloseable> made = new ConcurrentLinkedDeque<>();

  private record Default(String name, Class<?> type, Supplier<Object> maker) {}

  @Override
  public void load(CamelContext context) {
    context.addLifecycleStrategy(this);
  }

  /** Returns the order before the Kamelets' own strategy, which makes their routes. */
  @Override
  public int getOrder() {
    return HIGHEST;
  }

  @Override
  public void onContextInitialized(CamelContext context) {
    for (Endpoint endpoint : context.getEndpoints()) {
      if (endpoint.getEndpointUri().startsWith("kamelet:")) {
        NeededBeans.check(endpoint);
      }
    }
    DEFAULTS.forEach(each -> offer(context, each));
  }

  private void offer(CamelContext context, Default each) {
    // An application that has one under another name refers to it in the Kamelet's parameter.
    if (context.getRegistry().findByType(each.type).isEmpty()) {
      context.getRegistry().bind(each.name, each.type, () -> make(context, each));
    }
  }

  private Object make(CamelContext context, Default each) {
    Object bean = each.maker.get();
    CamelContextAware.trySetCamelContext(bean, context);
    if (bean instanceof AutoCloseable closeable) {
      made.push(closeable);
    }
    LOG.info(
        "This application declares no bean {}: a {} with its default settings is used",
        each.name,
        bean.getClass().getName());
    return bean;
  }

  @Override
  public void onContextStopped(CamelContext context) {
    for (AutoCloseable bean : new ArrayDeque<>(made)) {
      try {
        bean.close();
      } catch (Exception e) {
        LOG.warn("{} did not close: {}", bean.getClass().getName(), e.toString());
      }
    }
    made.clear();
  }
}
