package io.caravan.scout;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorType;
import io.caravan.exchange.CallFailedException;
import io.caravan.exchange.NotNowException;
import io.caravan.http.AbortReason;
import io.caravan.http.UpstreamIoException;
import io.caravan.limits.upstream.AdmissionRefused;
import io.caravan.scout.Fault.Kind;
import io.caravan.translate.error.LastingFault;
import io.caravan.translate.error.Retryability;
import java.time.Duration;

/** Tells what follows from a failed call. */
final class FailureAdvice {
  private static final int FORBIDDEN = 403;
  private static final int LONGEST = 160;

  /** The fault of a response that was ended here. */
  static final Fault ENDLESS = new Fault(Kind.SILENT, "a response without an end");

  private FailureAdvice() {}

  static Fault of(Exception failure) {
    String words = words(failure);
    Duration pause = pause(failure);
    if (failure instanceof NotNowException || failure instanceof AdmissionRefused) {
      return new Fault(Kind.LIMITED, words, pause);
    }
    if (failure instanceof CallFailedException failed) {
      return new Fault(kind(failed), words, pause);
    }
    if (failure instanceof UpstreamIoException broken && broken.reason() != null) {
      return broken.reason() == AbortReason.TOTAL_TIMEOUT
          ? ENDLESS
          : new Fault(Kind.SILENT, "falls silent in the middle of a response");
    }
    boolean late = failure instanceof AnthropicException known && known.type() == ErrorType.TIMEOUT;
    return new Fault(late ? Kind.SILENT : Kind.TEMPORARY, words);
  }

  private static Kind kind(CallFailedException failed) {
    LastingFault lasting = failed.failure().lasting();
    if (lasting == LastingFault.ACCOUNT) {
      return Kind.ACCOUNT;
    } else if (lasting != null) {
      return Kind.MODEL;
    } else if (failed.error() != null && failed.error().status() == FORBIDDEN) {
      return Kind.FORBIDDEN;
    } else if (failed.type() == ErrorType.RATE_LIMIT) {
      return Kind.LIMITED;
    } else if (failed.type() == ErrorType.TIMEOUT) {
      return Kind.SILENT;
    }
    boolean mayPass = failed.failure().retryability() == Retryability.RETRY;
    return mayPass ? Kind.TEMPORARY : Kind.MODEL;
  }

  private static Duration pause(Exception failure) {
    boolean named = failure instanceof AnthropicException known && known.retryAfter() != null;
    return named ? ((AnthropicException) failure).retryAfter() : Duration.ZERO;
  }

  private static String words(Exception failure) {
    String message = Printable.of(String.valueOf(failure.getMessage()));
    return message.length() > LONGEST ? message.substring(0, LONGEST) + "…" : message;
  }
}
