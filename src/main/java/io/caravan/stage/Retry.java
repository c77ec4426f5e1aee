package io.caravan.stage;

import io.caravan.http.ClientResponse;
import io.caravan.limits.Permit;
import io.caravan.limits.RetryBudget;
import io.caravan.openai.LearnedQuirks;
import io.caravan.openai.Quirk;
import io.caravan.translate.Failure;
import io.caravan.translate.Retryability;
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
 * upstream; or at the next one of the chain. It is asked only about calls of which the client has
 * seen nothing.
 */
public final class Retry {
  private static final Logger LOG = LoggerFactory.getLogger(Retry.class);

  private final RetryBudget budget = new RetryBudget();
  private LearnedQuirks quirks = new LearnedQuirks();

  /** What is known of upstreams from their own complaints. */
  public void setQuirks(LearnedQuirks quirks) {
    this.quirks = quirks;
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
    if (!(fault instanceof CallFailedException failed)) {
      return false;
    }
    ModelChoice choice = exchange.getProperty(Contract.MODEL, ModelChoice.class);
    Failure failure = failed.failure();
    Attempts attempts = attempts(exchange);
    attempts.failed(choice, String.valueOf(failed.type().code()), ResponseHeaders.of(exchange));
    LOG.info(
        "Request {}: {} failed: {}",
        exchange.getProperty(Contract.REQUEST_ID),
        choice.fullName(),
        failure.loggable());
    release(exchange);
    if (failure.isLearnable() && attempts.found(failure.quirks(), failed.error())) {
      return true;
    }
    learnFacts(choice, failed);
    if (failure.retryability() == Retryability.RETRY && waited(exchange, attempts, failure)) {
      attempts.repeated();
      return true;
    }
    return failure.retryability() != Retryability.NEVER && nextModel(exchange, attempts);
  }

  /** What says nothing of how this request could be changed, but holds for those to come. */
  private void learnFacts(ModelChoice choice, CallFailedException failed) {
    List<Quirk> facts =
        failed.failure().quirks().stream().filter(quirk -> !quirk.changesRequest()).toList();
    if (!facts.isEmpty()) {
      quirks.learn(choice.provider().getName(), choice.model(), facts, failed.error());
    }
  }

  private static Attempts attempts(Exchange exchange) {
    Attempts attempts = exchange.getProperty(Contract.ATTEMPTS, Attempts.class);
    if (attempts == null) {
      attempts = new Attempts();
      exchange.setProperty(Contract.ATTEMPTS, attempts);
    }
    return attempts;
  }

  private static void release(Exchange exchange) {
    Permit permit = exchange.getProperty(Contract.PERMIT, Permit.class);
    if (permit != null) {
      permit.close();
    }
  }

  /** Waits for the next attempt at the same upstream, but no longer than the client does. */
  private boolean waited(Exchange exchange, Attempts attempts, Failure failure)
      throws InterruptedException {
    Optional<Duration> delay =
        budget.nextDelay(
            attempts.ofThisModel(),
            Duration.ofNanos(attempts.elapsed()),
            failure.exception().retryAfter());
    if (delay.isEmpty()) {
      return false;
    }
    ClientResponse response = exchange.getProperty(Contract.RESPONSE, ClientResponse.class);
    CountDownLatch gone = new CountDownLatch(1);
    if (response != null) {
      response.onClose(gone::countDown);
    }
    return !gone.await(delay.get().toMillis(), TimeUnit.MILLISECONDS);
  }

  private static boolean nextModel(Exchange exchange, Attempts attempts) {
    List<?> fallbacks = exchange.getProperty(Contract.FALLBACKS, List.of(), List.class);
    if (fallbacks.isEmpty()) {
      return false;
    }
    ModelChoice next = (ModelChoice) fallbacks.get(0);
    exchange.setProperty(Contract.FALLBACKS, List.copyOf(fallbacks.subList(1, fallbacks.size())));
    exchange.setProperty(Contract.MODEL, next);
    exchange.setProperty(Contract.PROVIDER, next.provider().getName());
    attempts.nextModel();
    return true;
  }
}
