package io.caravan.failover;

import io.caravan.exchange.Attempt;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.ModelChoice;
import io.caravan.http.ClientResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Exchange;
import org.apache.camel.spi.UnitOfWork;
import org.apache.camel.support.ExchangeHelper;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.UnitOfWorkHelper;

/**
 * Makes one call and, if that takes long, a second one at the next model, on a copy of the
 * exchange. If the second call wins, its result is copied to the exchange itself.
 */
final class HedgedCall {
  private final Exchange first;
  private final AsyncProcessor call;
  private final FirstContentTimes times;
  private final GatewayRequest request;
  private final ClientResponse client;
  private final ScopedResponse firstScope;
  private final ScopedResponse secondScope;
  private final AtomicBoolean decidedOnSecond = new AtomicBoolean();
  private final AtomicReference<Exchange> winner = new AtomicReference<>();
  private final CompletableFuture<Void> secondOver = new CompletableFuture<>();

  HedgedCall(Exchange first, AsyncProcessor call, FirstContentTimes times) {
    this.first = first;
    this.call = call;
    this.times = times;
    request = GatewayRequest.of(first);
    client = request.response();
    firstScope = new ScopedResponse(client);
    secondScope = new ScopedResponse(client);
  }

  /**
   * Makes the calls and returns at the first content, or once both have failed.
   *
   * @param delay the time before the second call
   */
  void run(Executor threads, Duration delay) {
    Exchange copy = copy();
    CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS, threads)
        .execute(() -> second(copy));
    make(first, firstScope);
    request.setResponse(client);
    boolean alone = decidedOnSecond.compareAndSet(false, true);
    if (!first.isFailed() && winner.compareAndSet(null, first)) {
      secondScope.overtaken();
      return;
    }
    if (!alone) {
      secondOver.join();
      if (winner.get() == copy) {
        takeOver(copy);
      }
    }
  }

  /** Copies the exchange before the first call begins, which then changes the exchange. */
  private Exchange copy() {
    Exchange copy = ExchangeHelper.createCorrelatedCopy(first, false);
    List<ModelChoice> chain = request.attempts().fallbacks();
    request.race(copy, secondScope).attempts().setFallbacks(chain.subList(1, chain.size()));
    new Attempt(chain.get(0)).handTo(copy);
    return copy;
  }

  private void second(Exchange copy) {
    // A call for a client that does not stream goes on to the end of the message.
    boolean answering = request.summary().timeToFirstContent() > 0;
    if (answering || !decidedOnSecond.compareAndSet(false, true)) {
      secondOver.complete(null);
      return;
    }
    try {
      copy.getExchangeExtension()
          .setUnitOfWork(
              PluginHelper.getUnitOfWorkFactory(copy.getContext()).createUnitOfWork(copy));
      make(copy, secondScope);
      if (!copy.isFailed() && winner.compareAndSet(null, copy)) {
        firstScope.overtaken();
      }
    } finally {
      end(copy);
    }
  }

  /** Ends the second call, whatever has happened in it: the first one may wait for its end. */
  private void end(Exchange copy) {
    try {
      if (winner.get() != copy) {
        Attempt.of(copy).close();
      }
    } finally {
      if (winner.get() != copy) {
        // The call's permit goes with its unit of work.
        UnitOfWorkHelper.doneUow(copy.getUnitOfWork(), copy);
      }
      secondOver.complete(null);
    }
  }

  private void make(Exchange exchange, ScopedResponse scope) {
    GatewayRequest.of(exchange).setResponse(scope);
    long start = System.nanoTime();
    try {
      call.process(exchange);
    } catch (Exception | Error e) {
      // An error of one call must not leave the other one to nobody.
      exchange.setException(e);
    }
    if (!exchange.isFailed() && !request.wantsWholeMessage()) {
      times.add(Attempt.of(exchange).model().fullName(), System.nanoTime() - start);
    }
  }

  private void takeOver(Exchange copy) {
    Attempt overtaken = Attempt.of(first);
    UnitOfWork work = copy.getUnitOfWork();
    try {
      overtaken.close();
      first.setException(null);
      Attempt winner = Attempt.of(copy).handTo(first);
      request.takeOver(GatewayRequest.of(copy));
      first.getMessage().setBody(copy.getMessage().getBody());
      work.handoverSynchronization(first);
      report(overtaken, winner);
    } finally {
      UnitOfWorkHelper.doneUow(work, copy);
    }
  }

  private void report(Attempt overtaken, Attempt winner) {
    request
        .headers()
        .merge(
            "caravan-tried",
            overtaken.model().fullName() + " overtaken",
            (old, more) -> old + ", " + more);
    request.summary().chosen(winner.model());
    winner.model().report(request.headers());
    winner.pingDuring(request);
  }
}
