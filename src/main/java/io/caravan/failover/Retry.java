package io.caravan.failover;

import io.caravan.anthropic.ErrorType;
import io.caravan.exchange.Attempt;
import io.caravan.exchange.Attempts;
import io.caravan.exchange.CallFailedException;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.ModelChoice;
import io.caravan.exchange.NotNowException;
import io.caravan.exchange.PauseReason;
import io.caravan.limits.upstream.AdmissionRefused;
import io.caravan.limits.upstream.Circuits;
import io.caravan.limits.upstream.RetryBudget;
import io.caravan.limits.upstream.SetAside;
import io.caravan.provider.learned.LearnedQuirks;
import io.caravan.provider.learned.Quirk;
import io.caravan.provider.learned.Quotation;
import io.caravan.translate.error.Failure;
import io.caravan.translate.error.LastingFault;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Decides whether a failed call is retried, for {@code retryWhile} of the route's {@code
 * onException}: at once, if the upstream's complaint shows how to change the request; after a delay
 * at the same upstream; or at the next model of the chain, and at once if the same model may not be
 * called now. It is used only for calls of which the client has seen nothing.
 */
public final class Retry {
  private static final Logger LOG = LoggerFactory.getLogger(Retry.class);

  /** The part of a window that fills it, by an estimate: vocabularies differ by a fifth. */
  private static final double WITNESS = 0.8;

  private final RetryBudget budget = new RetryBudget();
  private final OnceAMinute keyRefused = new OnceAMinute();
  private LearnedQuirks quirks = new LearnedQuirks();
  private UpstreamKeys keys = new UpstreamKeys();
  private Circuits circuits = new Circuits();
  private Duration limitWait = Duration.ofMinutes(1);
  private SetAside setAside = new SetAside();
  private Duration gone = Duration.ofHours(1);
  private Duration down = Duration.ofMinutes(5);

  /** Sets the quirks that upstreams' complaints have shown. */
  public void setQuirks(LearnedQuirks quirks) {
    this.quirks = quirks;
  }

  /** Sets the keys of the providers, with the pauses of each. */
  public void setKeys(UpstreamKeys keys) {
    this.keys = keys;
  }

  /** Sets the circuit breakers of the models. */
  public void setCircuits(Circuits circuits) {
    this.circuits = circuits;
  }

  /** Sets the models that are gone, down or refused. */
  public void setSetAside(SetAside setAside) {
    this.setAside = setAside;
  }

  /** Sets the milliseconds for which a model that is gone is not called; an hour by default. */
  public void setGoneMillis(long millis) {
    gone = Duration.ofMillis(millis);
  }

  /**
   * Sets the milliseconds for which a model is not called that is down or whose key is refused; 5
   * minutes by default.
   */
  public void setDownMillis(long millis) {
    down = Duration.ofMillis(millis);
  }

  /** Sets the most calls to one model, including the first. */
  public void setMaxAttempts(int maxAttempts) {
    budget.setMaxAttempts(maxAttempts);
  }

  /** Sets the most milliseconds from the first failure to the start of the last attempt. */
  public void setTotalMillis(long totalMillis) {
    budget.setTotal(Duration.ofMillis(totalMillis));
  }

  /** Sets the most milliseconds for which a request waits for a limit that refusals have shown. */
  public void setLimitWaitMillis(long limitWaitMillis) {
    limitWait = Duration.ofMillis(limitWaitMillis);
  }

  /** Waits for the next attempt, if there is one, and returns whether to make it. */
  public boolean again(Exchange exchange) throws InterruptedException {
    Throwable fault = exchange.getException();
    if (fault == null) {
      // The error handler has moved it to the property.
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
    LOG.atLevel(level(choice, failed))
        .log("Request {}: {} failed: {}", request.id(), choice.fullName(), failure.loggable());
    if (isRefused(failed)) {
      quirks.doubtWindows(choice.provider().getName());
    }
    boolean quoted = !failure.quirks().isEmpty() && isQuoted(exchange, failed);
    if (failure.isLearnable() && attempts.found(failure.quirks(), failed.error(), quoted)) {
      Attempt.repeat(exchange);
      return true;
    }
    learnFacts(exchange, failed, quoted);
    if (keys.another(choice, failed)
        && attempts.failures(choice) < choice.provider().keys().size()) {
      Attempt.repeat(exchange);
      return true;
    }
    if (failure.lasting() != null) {
      setAside(choice, failure.lasting());
      if (attempts.fallBack(exchange) != null) {
        return true;
      }
    }
    return switch (failure.retryability()) {
      case NEVER -> false;
      case RETRY_ELSEWHERE -> elsewhere(exchange);
      case RETRY -> soonOrElsewhere(exchange, choice, failed);
    };
  }

  /**
   * Returns the level for a failure. A provider that refuses the gateway's only key, or the last of
   * several, serves nobody until a person acts, which is said once a minute. Where other keys are
   * left, {@link UpstreamKeys} has said it. A client may invent a model for each request, and the
   * line of the request has its name too.
   */
  private Level level(ModelChoice choice, CallFailedException failed) {
    if (failed.failure().kind().equals("key_refused") && !keys.areLeft(choice)) {
      return keyRefused.isNew(choice.provider().getName()) ? Level.ERROR : Level.INFO;
    }
    return failed.type() == ErrorType.NOT_FOUND ? Level.DEBUG : Level.INFO;
  }

  /** Sets a model aside that will fail other requests too. A client may invent any number. */
  private void setAside(ModelChoice choice, LastingFault fault) {
    if (!choice.isConfigured()) {
      return;
    }
    String reason = fault.name().toLowerCase(Locale.ROOT);
    Duration time =
        setAside.add(choice.fullName(), reason, fault == LastingFault.GONE ? gone : down);
    if (!time.isZero()) {
      // The start, or the doctor, says what to do about a model that was never reached.
      LOG.atLevel(fault == LastingFault.UNREACHED ? Level.INFO : Level.WARN)
          .log(
              "{} is set aside ({}): requests with another model don't call it for {} s",
              choice.fullName(),
              reason,
              time.toSeconds());
    }
  }

  /** Goes on with the next model of the chain, else with the first that may be called again. */
  private boolean elsewhere(Exchange exchange) throws InterruptedException {
    Attempts attempts = GatewayRequest.of(exchange).attempts();
    if (attempts.fallBack(exchange) != null) {
      return true;
    }
    return attempts.isPaused() && returnsTo(exchange, attempts.soonest());
  }

  /** Returns whether nothing listens: a local server that is being restarted, for example. */
  private static boolean isRefused(Throwable failed) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException) {
        return true;
      }
    }
    return false;
  }

  private static boolean isQuoted(Exchange exchange, CallFailedException failed) {
    return Quotation.isIn(failed.error().message(), Attempt.of(exchange).request().body());
  }

  /**
   * Learns facts that can't change this request but apply to later ones: the size of the window.
   * They apply to all clients if the request's own size confirms them.
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
            failed.error(),
            new LearnedQuirks.Evidence(
                quoted ? "" : failed.error().message(),
                witnessed ? "the count of the request confirms it" : ""));
      }
    }
  }

  /**
   * Retries the same model after a delay, or the next one. A model that may not be called now is
   * not waited for if there is another.
   */
  private boolean soonOrElsewhere(Exchange exchange, ModelChoice choice, CallFailedException failed)
      throws InterruptedException {
    GatewayRequest request = GatewayRequest.of(exchange);
    Attempts attempts = request.attempts();
    int calls = attempts.countFailure(choice);
    UpstreamKeys.Pause pause = pause(choice);
    if (!pause.time().isZero()) {
      attempts.setAside(choice, pause.reason(), pause.time());
      if (attempts.fallBack(exchange) != null) {
        return true;
      }
    }
    if (waited(request, calls, pause, failed.retryAfter())) {
      Attempt.repeat(exchange);
      return true;
    }
    return !request.response().abandoned() && attempts.fallBack(exchange) != null;
  }

  private UpstreamKeys.Pause pause(ModelChoice choice) {
    Duration open = circuits.remaining(choice.fullName());
    UpstreamKeys.Pause failing = new UpstreamKeys.Pause(open, PauseReason.FAILING);
    UpstreamKeys.Pause asked = keys.pause(choice);
    return asked.isShorterThan(failing) || asked.time().isZero() ? failing : asked;
  }

  /** Waits for the model that may be called first, if no model may be called now. */
  private boolean returnsTo(Exchange exchange, NotNowException notNow) throws InterruptedException {
    UpstreamKeys.Pause pause = new UpstreamKeys.Pause(notNow.retryAfter(), notNow.reason());
    if (!waited(GatewayRequest.of(exchange), 1, pause, null)) {
      return false;
    }
    Attempt.start(exchange, notNow.soonest());
    return true;
  }

  /**
   * Waits for the next attempt at the same upstream.
   *
   * @param pause the pause of the upstream
   * @param asked the delay that the upstream has asked for, or null
   * @return false if there may be no further attempt, or the client has left
   */
  private boolean waited(
      GatewayRequest request, int calls, UpstreamKeys.Pause pause, Duration asked)
      throws InterruptedException {
    Duration elapsed = request.attempts().elapsed();
    Duration atLeast = pause.time().isZero() ? asked : pause.time();
    // A known limit is queued for, as those of the settings are; nobody has failed.
    boolean queued =
        pause.reason() == PauseReason.LIMITED
            && elapsed.plus(pause.time()).compareTo(limitWait) <= 0;
    Optional<Duration> delay =
        queued ? Optional.of(pause.time()) : budget.nextDelay(calls, elapsed, atLeast);
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
