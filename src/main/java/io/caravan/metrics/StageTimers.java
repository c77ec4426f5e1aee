package io.caravan.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.AsyncProcessorConverterHelper;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * Times each stage: every step with an id in the named routes, including a user's own steps. As an
 * intercept strategy it needs no step itself.
 */
public final class StageTimers implements InterceptStrategy {
  private String routes =
      "messages,open-answer,one-attempt,call-openai,call-anthropic,stream-openai,stream-anthropic,"
          + "count-tokens-api";

  /** Sets the ids of the routes whose steps are timed, comma-separated; empty for none. */
  public void setRoutes(String routes) {
    this.routes = routes == null ? "" : routes;
  }

  @Override
  public Processor wrapProcessorInInterceptors(
      CamelContext context, NamedNode node, Processor target, Processor nextTarget) {
    String route = routeOf(node);
    boolean timed =
        node.getId() != null && route != null && ("," + routes + ",").contains("," + route + ",");
    return timed ? new Timed(context, node.getId(), target) : target;
  }

  private static String routeOf(NamedNode node) {
    NamedNode top = node;
    while (top.getParent() != null) {
      top = top.getParent();
    }
    return top.getId();
  }

  private static final class Timed extends DelegateAsyncProcessor {
    private final CamelContext context;
    private final String stage;
    private volatile Timer timer;

    Timed(CamelContext context, String stage, Processor target) {
      super(AsyncProcessorConverterHelper.convert(target));
      this.context = context;
      this.stage = stage;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
      long start = System.nanoTime();
      return super.process(
          exchange,
          doneSync -> {
            Timer known = timer();
            if (known != null) {
              known.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
            }
            callback.done(doneSync);
          });
    }

    private Timer timer() {
      if (timer == null) {
        MeterRegistry meters = context.getRegistry().findSingleByType(MeterRegistry.class);
        if (meters != null) {
          timer =
              Timer.builder("caravan_stage")
                  .description("Time in a stage")
                  .tag("stage", stage)
                  .register(meters);
        }
      }
      return timer;
    }
  }
}
