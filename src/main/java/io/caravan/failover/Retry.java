package io.caravan.failover;

import io.caravan.exchange.Attempt;
import io.caravan.exchange.Attempts;
import io.caravan.exchange.CallFailedException;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.ModelChoice;
import io.caravan.exchange.NotNowException;
import io.caravan.limits.upstream.AdmissionRefused;
import io.caravan.limits.upstream.Circuits;
import io.caravan.limits.upstream.Cooldowns;
import io.caravan.limits.upstream.RetryBudget;
import io.caravan.provider.learned.LearnedQuirks;
import io.caravan.provider.learned.Quirk;
import io.caravan.provider.learned.Quotation;
import io.caravan.translate.error.Failure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether a failed call is made again, for {@code retryWhile} of the route's {@code
 * onException}: at once with what the upstream's complaint taught; after a while at the same
 * upstream; or at the next one of the chain, at once where the same one is to be left alone. It is
 * asked only about calls of which the client has seen nothing.
 */
public final class Retry {
  private static final Logger LOG = LoggerFactory.getLogger(Retry.class);

  /** An estimate this close to a window has filled it: other vocabularies differ by a fifth. */
  private static final double WITNESS = 0.8;

  private final RetryBudget budget = new RetryBudget();
  private LearnedQuirks quirks = new LearnedQuirks();
  private Cooldowns cooldowns = new Cooldowns();
  private Circuits circuits = new Circuits();

  /** What is known of upstreams from their own complaints. */
  public void setQuirks(LearnedQuirks quirks) {
    this.quirks = quirks;
  }

  /** Until when models are left alone. */
  public void setCooldowns(Cooldowns cooldowns) {
    this.cooldowns = cooldowns;
  }

  /** Which models keep failing. */
  public void setCircuits(Circuits circuits) {
    this.circuits = circuits;
  }

  /** Calls of one model in all, the first one included. */
  public void setMaxAttempts(int maxAttempts) {
    budget.setMaxAttempts(maxAttempts);
  }

  /** From the start of the first attempt to the start of the last, in milliseconds. */
  public void setTotalMillis(long totalMillis) {
    budget.setTotal(Duration.ofMillis(totalMillis));
  }

  /** Waits as long as needed and says whether to call again. */
  public boolean again(Exchange exchange) throws InterruptedException {
    Throwable fault = exchange.getException();
    if (fault == null) {
      // The error handler has put it aside by now.
      fault = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    }
    if (fault instanceof CallFailedException failed) {
      return again(exchange, failed);
    }
    if (fault instanceof NotNowException notNow) {
      return returnsTo(exchange, notNow);
    }
    if (fault instanceof AdmissionRefused) {
      Attempts attempts = GatewayRequest.of(exchange).attempts();
      attempts.failed(Attempt.of(exchange).model(), "limit");
      return attempts.fallBack(exchange) != null;
    }
    return false;
  }

  private boolean again(Exchange exchange, CallFailedException failed) throws InterruptedException {
    ModelChoice choice = Attempt.of(exchange).model();
    Failure failure = failed.failure();
    GatewayRequest request = GatewayRequest.of(exchange);
    Attempts attempts = request.attempts();
    attempts.failed(choice, failed.type().code());
    LOG.info("Request {}: {} failed: {}", request.id(), choice.fullName(), failure.loggable());
    boolean quoted = !failure.quirks().isEmpty() && isQuoted(exchange, failed);
    if (failure.isLearnable() && attempts.found(failure.quirks(), failed.error(), quoted)) {
      Attempt.repeat(exchange);
      return true;
    }
    learnFacts(exchange, failed, quoted);
    return switch (failure.retryability()) {
      case NEVER -> false;
      case RETRY_ELSEWHERE -> attempts.fallBack(exchange) != null;
      case RETRY -> soonOrElsewhere(exchange, choice, failed);
    };
  }

  private static boolean isQuoted(Exchange exchange, CallFailedException failed) {
    return Quotation.isIn(failed.error().message(), Attempt.of(exchange).request().body());
  }

  /**
   * Learns facts that could not have changed this request, and hold for those to come: the size of
   * the window. They hold for all clients where the request's own size bears witness to them.
   */
  private void learnFacts(Exchange exchange, CallFailedException failed, boolean quoted) {
    ModelChoice choice = Attempt.of(exchange).model();
    GatewayRequest request = GatewayRequest.of(exchange);
    Integer maxTokens = request.message().maxTokens();
    long size = GatewayRequest.inputTokens(exchange) + (maxTokens == null ? 0 : maxTokens);
    for (Quirk fact : failed.failure().quirks()) {
      if (!fact.changesRequest()) {
        boolean witnessed =
            !quoted
                && fact instanceof Quirk.ContextWindow window
                && size >= window.tokens() * WITNESS;
        quirks.learn(
            witnessed ? LearnedQuirks.EVERYONE : request.client().tenant(),
            choice.provider().getName(),
            choice.model(),
            List.of(fact),
            failed.error());
      }
    }
  }

  /** A model that is to be left alone is not waited for as long as there is another. */
  private boolean soonOrElsewhere(Exchange exchange, ModelChoice choice, CallFailedException failed)
      throws InterruptedException {
    GatewayRequest request = GatewayRequest.of(exchange);
    Attempts attempts = request.attempts();
    int calls = attempts.countFailure(choice);
    Duration asked = cooldowns.remaining(choice.fullName());
    Duration open = circuits.remaining(choice.fullName());
    Duration pause = asked.compareTo(open) > 0 ? asked : open;
    if (!pause.isZero()) {
      attempts.setAside(choice, open.isZero(), pause);
      if (attempts.fallBack(exchange) != null) {
        return true;
      }
    }
    if (waited(request, calls, pause.isZero() ? failed.retryAfter() : pause)) {
      Attempt.repeat(exchange);
      return true;
    }
    return !request.response().abandoned() && attempts.fallBack(exchange) != null;
  }

  /** All models are to be left alone: the first that may be called again is waited for. */
  private boolean returnsTo(Exchange exchange, NotNowException notNow) throws InterruptedException {
    if (!waited(GatewayRequest.of(exchange), 1, notNow.retryAfter())) {
      return false;
    }
    Attempt.start(exchange, notNow.soonest());
    return true;
  }

  /** Waits for the next attempt at the same upstream, but no longer than the client does. */
  private boolean waited(GatewayRequest request, int calls, Duration atLeast)
      throws InterruptedException {
    Optional<Duration> delay = budget.nextDelay(calls, request.attempts().elapsed(), atLeast);
    if (delay.isEmpty()) {
      return false;
    }
    CountDownLatch gone = new CountDownLatch(1);
    request.response().onClose(gone::countDown);
    request.pingDuring(() -> gone.getCount() > 0);
    boolean left = gone.await(delay.get().toMillis(), TimeUnit.MILLISECONDS);
    gone.countDown();
    return !left;
  }
}
