package io.caravan.failover;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.exchange.Attempt;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.ModelChoice;
import io.caravan.provider.Provider;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.AsyncProcessorConverterHelper;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.SynchronizationAdapter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests that a race of two calls ends, and what they hold with it, whatever happens in them. */
@Timeout(30)
class HedgedCallTest {
  private final DefaultCamelContext context = new DefaultCamelContext();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CompletableFuture<Void> secondHasBegun = new CompletableFuture<>();
  private final CompletableFuture<Void> permitReturned = new CompletableFuture<>();
  private final AtomicInteger permits = new AtomicInteger();

  @BeforeEach
  void start() {
    PluginHelper.getUnitOfWorkFactory(context).afterPropertiesConfigured(context);
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
    context.stop();
  }

  private Exchange race(Processor first, Processor second) {
    Exchange exchange = new DefaultExchange(context);
    exchange
        .getExchangeExtension()
        .setUnitOfWork(PluginHelper.getUnitOfWorkFactory(context).createUnitOfWork(exchange));
    Attempt.start(exchange, model("first"));
    GatewayRequest.of(exchange).attempts().setFallbacks(List.of(model("second")));
    AsyncProcessor call =
        AsyncProcessorConverterHelper.convert(
            called -> {
              permits.incrementAndGet();
              called
                  .getExchangeExtension()
                  .addOnCompletion(
                      new SynchronizationAdapter() {
                        @Override
                        public void onDone(Exchange done) {
                          permits.decrementAndGet();
                          permitReturned.complete(null);
                        }
                      });
              (called == exchange ? first : second).process(called);
            });
    new HedgedCall(exchange, call, new FirstContentTimes()).run(threads, Duration.ZERO);
    return exchange;
  }

  private static ModelChoice model(String name) {
    Provider provider = new Provider();
    provider.setName(name);
    return new ModelChoice("claude-sonnet", provider, "model", null);
  }

  @Test
  void anErrorInTheSecondCallLeavesTheFirstsResult() {
    Exchange exchange =
        race(
            first -> {
              secondHasBegun.join();
              first.getMessage().setBody("first");
            },
            second -> {
              secondHasBegun.complete(null);
              throw new StackOverflowError("in the second call");
            });

    assertThat(exchange.getException()).isNull();
    assertThat(exchange.getMessage().getBody()).isEqualTo("first");
    // The first may win before the second's own end has returned its permit.
    permitReturned.orTimeout(10, TimeUnit.SECONDS).join();
    assertThat(permits).as("the first call's own, until its response is written").hasValue(1);
  }

  @Test
  void anErrorInTheFirstCallLeavesTheResponseToTheSecond() {
    Exchange exchange =
        race(
            first -> {
              secondHasBegun.join();
              throw new StackOverflowError("in the first call");
            },
            second -> {
              secondHasBegun.complete(null);
              second.getMessage().setBody("second");
            });

    assertThat(exchange.getException()).isNull();
    assertThat(exchange.getMessage().getBody()).isEqualTo("second");
  }

  @Test
  void errorsInBothEndTheRequest() {
    Exchange exchange =
        race(
            first -> {
              secondHasBegun.join();
              throw new StackOverflowError("in the first call");
            },
            second -> {
              secondHasBegun.complete(null);
              throw new StackOverflowError("in the second call");
            });

    assertThat(exchange.isFailed()).isTrue();
  }
}
