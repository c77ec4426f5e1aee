package io.caravan.failover;

import io.caravan.anthropic.AnthropicException;
import io.caravan.exchange.Attempt;
import io.caravan.exchange.Attempts;
import io.caravan.exchange.CallFailedException;
import io.caravan.exchange.CallKey;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.ModelChoice;
import io.caravan.exchange.PauseReason;
import io.caravan.exchange.Reasons;
import io.caravan.http.ClientGoneException;
import io.caravan.limits.upstream.AdmissionRefused;
import io.caravan.limits.upstream.Circuits;
import io.caravan.limits.upstream.SetAside;
import io.caravan.metrics.UpstreamMetrics;
import io.caravan.provider.learned.EndedModels;
import java.time.Duration;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.Policy;
import org.apache.camel.support.AsyncProcessorConverterHelper;
import org.apache.camel.support.SynchronizationAdapter;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * Guards the steps that make one call. It skips models that may not be called now (their upstream
 * has asked for a pause, their limit is used up, or their circuit is open) in favour of the next
 * one of the chain, and records the outcome of the call.
 *
 * <p>It is a {@link Policy}, the EIP that wraps steps. Camel's circuit breaker EIP has one breaker
 * for each step, but models are named at run time; and it clears the exceptions that it ignores,
 * but a fault of the client's request has to reach the error handler unchanged.
 */
public final class GuardModel implements Policy {
  private UpstreamKeys keys = new UpstreamKeys();
  private Circuits circuits = new Circuits();
  private EndedModels ended = new EndedModels();
  private SetAside setAside = new SetAside();
  private UpstreamMetrics metrics = new UpstreamMetrics();

  /** Sets the keys of the providers, with the pauses of each. */
  public void setKeys(UpstreamKeys keys) {
    this.keys = keys;
  }

  /** Sets the circuit breakers of the models. */
  public void setCircuits(Circuits circuits) {
    this.circuits = circuits;
  }

  /** Sets the memory of models that have ended. */
  public void setEnded(EndedModels ended) {
    this.ended = ended;
  }

  /** Sets the models that are gone, down or refused. */
  public void setSetAside(SetAside setAside) {
    this.setAside = setAside;
  }

  /** Sets the metrics that count the attempts. */
  public void setMetrics(UpstreamMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void beforeWrap(Route route, NamedNode definition) {
    // Nothing to prepare.
  }

  @Override
  public Processor wrap(Route route, Processor steps) {
    return new DelegateAsyncProcessor(AsyncProcessorConverterHelper.convert(steps)) {
      @Override
      public boolean process(Exchange exchange, AsyncCallback callback) {
        ModelChoice choice;
        long start = System.nanoTime();
        try {
          choice = enter(exchange);
        } catch (RuntimeException e) {
          exchange.setException(e);
          callback.done(true);
          return true;
        }
        return super.process(
            exchange,
            doneSync -> {
              leave(exchange, choice, start);
              callback.done(doneSync);
            });
      }
    };
  }

  /**
   * Returns the first model of the chain that may be called now.
   *
   * @throws io.caravan.exchange.NotNowException if there is none
   */
  private ModelChoice enter(Exchange exchange) {
    Attempt attempt = Attempt.of(exchange);
    Attempts attempts = GatewayRequest.of(exchange).attempts();
    while (!mayCall(attempt, GatewayRequest.of(exchange))) {
      attempt = attempts.fallBack(exchange);
      if (attempt == null) {
        throw attempts.soonest();
      }
    }
    return attempt.model();
  }

  private boolean mayCall(Attempt attempt, GatewayRequest request) {
    ModelChoice choice = attempt.model();
    if (request.attempts().hasAlternative() && !setAside.mayCall(choice.fullName())) {
      request.attempts().failed(choice, "set_aside");
      request.timeline().skipped(choice, "set_aside");
      metrics.attempt(choice, "set_aside");
      return false;
    }
    CallKey key = keys.enter(choice, request.place());
    if (key == null) {
      skip(choice, request, keys.pause(choice));
      return false;
    }
    Duration closed = circuits.enter(choice.fullName());
    metrics.watch(choice, circuits);
    if (!closed.isZero()) {
      keys.released(key);
      skip(choice, request, "circuit_open", PauseReason.FAILING, closed);
      return false;
    }
    attempt.setKey(key);
    return true;
  }

  private void skip(ModelChoice choice, GatewayRequest request, UpstreamKeys.Pause pause) {
    // Its end may have come meanwhile.
    PauseReason reason = pause.reason() == null ? PauseReason.LIMITED : pause.reason();
    String word = reason == PauseReason.LIMITED ? "limited" : "cooling";
    skip(choice, request, word, reason, pause.time());
  }

  private void skip(
      ModelChoice choice, GatewayRequest request, String reason, PauseReason pause, Duration wait) {
    request.attempts().skipped(choice, reason, pause, wait);
    request.timeline().skipped(choice, reason);
    metrics.attempt(choice, reason);
  }

  private void leave(Exchange exchange, ModelChoice choice, long start) {
    Exception fault = exchange.getException();
    String target = choice.fullName();
    if (fault == null) {
      circuits.succeeded(target);
      keys.succeeded(choice, Attempt.of(exchange).key());
      ended.succeeded(target);
      setAside.succeeded(target);
      exchange.getExchangeExtension().addOnCompletion(new PermitCloser());
    } else {
      Attempt.of(exchange).releasePermit();
      failed(choice, Attempt.of(exchange), fault);
    }
    String outcome = isOvertaken(exchange) ? "overtaken" : fault == null ? "ok" : outcome(fault);
    metrics.attempt(choice, outcome);
    GatewayRequest.of(exchange)
        .timeline()
        .called(Attempt.of(exchange), start, outcome, Reasons.of(fault));
  }

  private void failed(ModelChoice choice, Attempt attempt, Exception fault) {
    String target = choice.fullName();
    if (!attempt.isCalled()) {
      keys.released(attempt.key());
    }
    if (!(fault instanceof CallFailedException failed)) {
      // The client has left, or this gateway's own limits have refused the call.
      circuits.released(target);
      return;
    }
    ended.failed(target, failed.error());
    if (failed.failure().countsAgainstCircuit()) {
      circuits.failed(target, fault);
    } else {
      // A fault of the request, or a rate limit, says nothing about the upstream's health.
      circuits.released(target);
    }
    keys.failed(choice, attempt.key(), failed);
  }

  private static String outcome(Exception fault) {
    if (fault instanceof AnthropicException known) {
      return known.type().code();
    }
    if (fault instanceof AdmissionRefused) {
      return "limit";
    }
    return fault instanceof ClientGoneException ? "client_gone" : "fault";
  }

  private static boolean isOvertaken(Exchange exchange) {
    return GatewayRequest.of(exchange).response() instanceof ScopedResponse scope
        && scope.isOvertaken();
  }

  /** Gives the permit back once the response is written or has failed. */
  private static final class PermitCloser extends SynchronizationAdapter {
    @Override
    public void onDone(Exchange exchange) {
      Attempt.of(exchange).releasePermit();
    }
  }
}
