package io.caravan.failover;

import io.caravan.exchange.Contract;
import io.caravan.exchange.ModelChoice;
import io.caravan.exchange.RequestSummary;
import io.caravan.exchange.ResponseHeaders;
import io.caravan.exchange.UpstreamStream;
import io.caravan.http.ClientResponse;
import io.caravan.stage.KeepAlive;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * One call and, if that takes long, a second one at the next model, on a copy of the exchange. What
 * the second has brought, if it was first, is taken over by the exchange itself.
 */
final class HedgedCall {
  /** What a call leaves for the steps that read its answer. */
  private static final List<String> RESULTS =
      List.of(
          Contract.MODEL,
          Contract.PROVIDER,
          Contract.FALLBACKS,
          Contract.UPSTREAM_REQUEST,
          Contract.ANSWER,
          Contract.AGGREGATOR,
          Contract.STREAM,
          Contract.PERMIT,
          Contract.PROTOCOL,
          Contract.PASSED,
          Contract.RESPONSE_HEADERS);

  private final Exchange first;
  private final AsyncProcessor call;
  private final FirstContentTimes times;
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
    client = first.getProperty(Contract.RESPONSE, ClientResponse.class);
    firstScope = new ScopedResponse(client);
    secondScope = new ScopedResponse(client);
  }

  /** Returns when there is a first content, or none will come. */
  void run(Executor threads, Duration delay) {
    Exchange copy = copy();
    CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS, threads)
        .execute(() -> second(copy));
    make(first, firstScope);
    first.setProperty(Contract.RESPONSE, client);
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

  /** Before the first call begins: from then on the exchange is that one's. */
  private Exchange copy() {
    Exchange copy = ExchangeHelper.createCorrelatedCopy(first, false);
    List<?> chain = first.getProperty(Contract.FALLBACKS, List.of(), List.class);
    ModelChoice next = (ModelChoice) chain.get(0);
    copy.setProperty(Contract.MODEL, next);
    copy.setProperty(Contract.PROVIDER, next.provider().getName());
    copy.setProperty(Contract.FALLBACKS, List.copyOf(chain.subList(1, chain.size())));
    copy.setProperty(Contract.RESPONSE_HEADERS, new LinkedHashMap<>(ResponseHeaders.of(first)));
    // Its own place in queues, its own count of attempts; and the first call's signs of life do.
    copy.removeProperty(Contract.ADMISSION);
    copy.removeProperty(Contract.ATTEMPTS);
    copy.removeProperty(Contract.LIFE_SIGNS);
    return copy;
  }

  private void second(Exchange copy) {
    if (!decidedOnSecond.compareAndSet(false, true)) {
      return;
    }
    UnitOfWork work = PluginHelper.getUnitOfWorkFactory(copy.getContext()).createUnitOfWork(copy);
    copy.getExchangeExtension().setUnitOfWork(work);
    try {
      make(copy, secondScope);
      if (!copy.isFailed() && winner.compareAndSet(null, copy)) {
        firstScope.overtaken();
      } else {
        close(copy);
        UnitOfWorkHelper.doneUow(work, copy);
      }
    } finally {
      secondOver.complete(null);
    }
  }

  private void make(Exchange exchange, ScopedResponse scope) {
    exchange.setProperty(Contract.RESPONSE, scope);
    long start = System.nanoTime();
    try {
      call.process(exchange);
    } catch (Exception e) {
      exchange.setException(e);
    }
    if (!exchange.isFailed()) {
      ModelChoice choice = exchange.getProperty(Contract.MODEL, ModelChoice.class);
      times.add(choice.fullName(), System.nanoTime() - start);
    }
  }

  private void takeOver(Exchange copy) {
    ModelChoice overtaken = first.getProperty(Contract.MODEL, ModelChoice.class);
    close(first);
    first.setException(null);
    for (String name : RESULTS) {
      Object value = copy.getProperty(name);
      if (value == null) {
        first.removeProperty(name);
      } else {
        first.setProperty(name, value);
      }
    }
    first.getMessage().setBody(copy.getMessage().getBody());
    UnitOfWork work = copy.getUnitOfWork();
    work.handoverSynchronization(first);
    UnitOfWorkHelper.doneUow(work, copy);
    tell(overtaken);
  }

  private void tell(ModelChoice overtaken) {
    Map<String, String> headers = ResponseHeaders.of(first);
    headers.merge(
        "caravan-tried", overtaken.fullName() + " overtaken", (old, more) -> old + ", " + more);
    RequestSummary tally = first.getProperty(Contract.TALLY, RequestSummary.class);
    if (tally != null) {
      tally.chosen(first.getProperty(Contract.MODEL, ModelChoice.class));
    }
    UpstreamStream stream = first.getProperty(Contract.STREAM, UpstreamStream.class);
    if (stream != null) {
      KeepAlive.during(first, stream.call()::watched);
    }
  }

  private static void close(Exchange exchange) {
    UpstreamStream stream = exchange.getProperty(Contract.STREAM, UpstreamStream.class);
    if (stream != null) {
      stream.close();
    }
  }
}
