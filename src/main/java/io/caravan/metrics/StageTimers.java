package io.caravan.metrics;

import io.caravan.exchange.GatewayRequest;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.FilterDefinition;
import org.apache.camel.model.LoopDefinition;
import org.apache.camel.model.PolicyDefinition;
import org.apache.camel.model.RemovePropertyDefinition;
import org.apache.camel.model.SetPropertyDefinition;
import org.apache.camel.model.SplitDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.AsyncProcessorConverterHelper;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * Times each stage: every step with an id in the named routes, including a user's own steps. As an
 * intercept strategy it needs no step itself.
 */
public final class StageTimers implements InterceptStrategy {
  private static final List<Class<?>> CONTROL =
      List.of(
          FilterDefinition.class,
          LoopDefinition.class,
          PolicyDefinition.class,
          RemovePropertyDefinition.class,
          SetPropertyDefinition.class);

  private final Meters meters = new Meters();

  // A reloaded route has the same stages, and goes on with their times.
  private final Map<String, StageTime> times = new ConcurrentHashMap<>();
  private String routes =
      "messages,open-answer,one-attempt,call-openai,call-anthropic,stream-openai,stream-anthropic,"
          + "provider-*,count-tokens-api";

  /**
   * Sets the ids of the routes whose steps are timed, comma-separated; an id that ends in {@code *}
   * is a beginning; empty for none.
   */
  public void setRoutes(String routes) {
    this.routes = routes == null ? "" : routes;
  }

  @Override
  public Processor wrapProcessorInInterceptors(
      CamelContext context, NamedNode node, Processor target, Processor nextTarget) {
    String route = routeOf(node);
    boolean timed = node.getId() != null && route != null && isTimed(route);
    boolean listed = !isForParts(node) && !isControl(node);
    return timed ? new Timed(this, context, node.getId(), listed, target) : target;
  }

  private boolean isTimed(String route) {
    for (String timed : routes.split(",", -1)) {
      boolean beginning = timed.endsWith("*");
      if (beginning
          ? route.startsWith(timed.substring(0, timed.length() - 1))
          : route.equals(timed)) {
        return true;
      }
    }
    return false;
  }

  private static String routeOf(NamedNode node) {
    NamedNode top = node;
    while (top.getParent() != null) {
      top = top.getParent();
    }
    return top.getId();
  }

  /** Returns whether the step is called for each part of a stream, and not once a request. */
  private static boolean isForParts(NamedNode node) {
    for (NamedNode above = node.getParent(); above != null; above = above.getParent()) {
      if (above instanceof SplitDefinition) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether a step only decides which others are passed: it is timed, but no stage. */
  private static boolean isControl(NamedNode node) {
    return CONTROL.stream().anyMatch(kind -> kind.isInstance(node));
  }

  private static final class Timed extends DelegateAsyncProcessor {
    private final CamelContext context;
    private final Meters meters;
    private final Map<String, StageTime> times;
    private final String stage;
    private final boolean listed;
    private volatile StageTime time;

    Timed(StageTimers all, CamelContext context, String stage, boolean listed, Processor target) {
      super(AsyncProcessorConverterHelper.convert(target));
      this.context = context;
      this.meters = all.meters;
      this.times = all.times;
      this.stage = stage;
      this.listed = listed;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
      long start = System.nanoTime();
      return super.process(
          exchange,
          doneSync -> {
            long nanos = System.nanoTime() - start;
            StageTime known = time();
            if (known != null) {
              known.record(nanos);
            }
            if (listed) {
              GatewayRequest.of(exchange).timeline().passed(stage, start, nanos);
            }
            callback.done(doneSync);
          });
    }

    private StageTime time() {
      if (time == null) {
        MeterRegistry registry = meters.of(context);
        if (registry != null) {
          time = times.computeIfAbsent(stage, name -> StageTime.of(registry, name));
        }
      }
      return time;
    }
  }
}
