package io.caravan.exchange;

import io.caravan.http.loop.LoopThreads;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.AsyncProcessorConverterHelper;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.apache.camel.support.processor.DelegateSyncProcessor;

/**
 * Keeps steps off the event loop: a part of a stream may arrive on it, and only steps that are
 * marked as {@link NonBlocking} stay there. Any other step, a user's own among them, moves the
 * exchange to another thread before it runs. An intercept strategy is asked about every step of
 * every route, those of error handlers included.
 */
public final class EventLoopSteps implements InterceptStrategy {
  @Override
  public Processor wrapProcessorInInterceptors(
      CamelContext context, NamedNode node, Processor target, Processor nextTarget) {
    Processor step = nextTarget == null ? target : nextTarget;
    return LoopThreads.areThere() && !isMarked(step) ? new Elsewhere(target) : target;
  }

  private static boolean isMarked(Processor step) {
    Processor own =
        step instanceof DelegateSyncProcessor delegate
            ? delegate.getProcessor()
            : step instanceof DelegateAsyncProcessor delegate ? delegate.getProcessor() : step;
    return own.getClass().isAnnotationPresent(NonBlocking.class);
  }

  private static final class Elsewhere extends DelegateAsyncProcessor {
    Elsewhere(Processor target) {
      super(AsyncProcessorConverterHelper.convert(target));
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
      LoopThreads.leave();
      return super.process(exchange, callback);
    }
  }
}
