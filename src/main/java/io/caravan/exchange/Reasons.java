package io.caravan.exchange;

import io.caravan.limits.client.ClientRefused;
import io.caravan.limits.upstream.AdmissionRefused;
import io.caravan.translate.request.LossRefused;
import java.util.Locale;

/** The reasons of failures, in words of a fixed vocabulary that quote nobody (docs/operate.md). */
public final class Reasons {
  /** Comes before the names of losses. */
  static final String LOST = "lost ";

  private Reasons() {}

  /**
   * Returns the reason of a failure: {@code key_…} for a limit of the client's key, {@code
   * provider_limit_…} for one of the provider, {@code lost …} in strict mode, the kind of an
   * upstream's failure; null if there is nothing beyond the error's type.
   *
   * @param failure the failure, or null for none
   */
  public static String of(Throwable failure) {
    if (failure instanceof CallFailedException failed) {
      return failed.failure().kind();
    }
    if (failure instanceof AdmissionRefused refused) {
      return "provider_limit_" + word(refused.reason());
    }
    if (failure instanceof NotNowException notNow) {
      return word(notNow.reason());
    }
    if (failure instanceof LossRefused refused) {
      return LOST + refused.losses();
    }
    return failure != null && failure.getCause() instanceof ClientRefused refused
        ? "key_" + word(refused.reason())
        : null;
  }

  private static String word(Enum<?> reason) {
    return reason.name().toLowerCase(Locale.ROOT);
  }
}
