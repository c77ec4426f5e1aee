package io.caravan.translate.error;

import io.caravan.openai.UpstreamError;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A fault for which a model will fail the next requests too, so that another one should have them
 * at once. A client can't provoke one: words that an upstream repeats from a request don't count.
 */
public enum LastingFault {
  /**
   * The upstream has no such model, has it no longer (410), or not for this account (404 of hosted
   * NIM).
   */
  GONE,
  /** The function behind the model is down, for minutes or days: hosted NIM's DEGRADED. */
  DEGRADED,
  /** The key is refused, or the account is empty. */
  ACCOUNT,
  /** The upstream has never been reached: its URL may be wrong, or its server is not there yet. */
  UNREACHED;

  /**
   * The words of a 403 about the account. Without them it may be a firewall's, about the words of a
   * prompt.
   */
  private static final Pattern OF_ACCOUNT =
      Pattern.compile("account|api[ _-]?key|authoriz|entitle|subscri|credit|forbidden for");

  /** Returns the fault that an error shows, or null. */
  static LastingFault of(FailureKind kind, UpstreamError error, boolean quotesClient) {
    int status = error.status();
    return switch (kind) {
      case NO_SUCH_MODEL -> status == 404 || status == 410 || !quotesClient ? GONE : null;
      case OVERLOADED ->
          !quotesClient && FailureClassifier.isDegraded(error.message()) ? DEGRADED : null;
      case OUT_OF_CREDIT -> status == 402 || !quotesClient ? ACCOUNT : null;
      case KEY_REFUSED -> status == 401 || isOfAccount(error, quotesClient) ? ACCOUNT : null;
      default -> null;
    };
  }

  private static boolean isOfAccount(UpstreamError error, boolean quotesClient) {
    return !quotesClient && OF_ACCOUNT.matcher(error.message().toLowerCase(Locale.ROOT)).find();
  }
}
