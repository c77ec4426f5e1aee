package io.caravan.failover;

import io.caravan.camel.ContextBean;
import io.caravan.exchange.Attempt;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.ModelChoice;
import io.caravan.http.ClientResponse;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.Policy;
import org.apache.camel.support.AsyncProcessorConverterHelper;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * Hedges slow calls: if a model takes longer to its first content than 95 of 100 of its calls, it
 * also calls the next one of the chain. The first content wins, and the other call is aborted (Dean
 * and Barroso, "The Tail at Scale", 2013). It is off by default, as it costs calls and tokens.
 */
public final class Hedge extends ContextBean implements Policy, AutoCloseable {
  private final FirstContentTimes times = new FirstContentTimes();
  private ExecutorService threads;
  private boolean enabled;
  private Duration atLeast = Duration.ofSeconds(2);

  /** Sets whether slow calls are hedged; they are not by default. */
  public void setEnabled(boolean enabled) {
    this.enabled = enabled;
  }

  /**
   * Sets the least milliseconds before a second call, which also apply while too few times of the
   * model are known.
   */
  public void setAtLeastMillis(long atLeastMillis) {
    this.atLeast = Duration.ofMillis(atLeastMillis);
  }

  @Override
  public void beforeWrap(Route route, NamedNode definition) {
    // Nothing to prepare.
  }

  @Override
  public Processor wrap(Route route, Processor steps) {
    if (!enabled) {
      return steps;
    }
    AsyncProcessor call = AsyncProcessorConverterHelper.convert(steps);
    return new DelegateAsyncProcessor(call) {
      @Override
      public boolean process(Exchange exchange, AsyncCallback callback) {
        if (!hasAnother(exchange)) {
          return super.process(exchange, callback);
        }
        new HedgedCall(exchange, call, times).run(threads(), delay(exchange));
        callback.done(true);
        return true;
      }
    };
  }

  private static boolean hasAnother(Exchange exchange) {
    GatewayRequest request = GatewayRequest.of(exchange);
    return request.response() != ClientResponse.NONE && !request.attempts().fallbacks().isEmpty();
  }

  private Duration delay(Exchange exchange) {
    ModelChoice choice = Attempt.of(exchange).model();
    Duration usual = times.p95(choice.fullName());
    return usual.compareTo(atLeast) > 0 ? usual : atLeast;
  }

  private synchronized ExecutorService threads() {
    if (threads == null) {
      threads =
          getCamelContext().getExecutorServiceManager().newCachedThreadPool(this, "caravan-hedge");
    }
    return threads;
  }

  @Override
  public synchronized void close() {
    if (threads != null) {
      threads.shutdownNow();
    }
  }
}
