package io.caravan.translate.error;

import io.caravan.anthropic.AnthropicException;
import io.caravan.provider.learned.Quirk;
import java.util.List;
import java.util.Locale;

/**
 * A failed call: the error for the client, and what can be done about it.
 *
 * @param exception the error for the client
 * @param retryability whether to call again, before any content has gone out
 * @param countsAgainstCircuit whether the upstream itself has failed; a fault of the request
 *     doesn't count
 * @param quirks the quirks learned about the upstream
 * @param lasting the fault for which the model will fail other requests too; null if there is none
 * @param loggable a description without the message, which may quote a prompt
 */
public record Failure(
    AnthropicException exception,
    Retryability retryability,
    boolean countsAgainstCircuit,
    List<Quirk> quirks,
    LastingFault lasting,
    String loggable) {
  public Failure {
    quirks = List.copyOf(quirks);
  }

  /** Returns the kind of the failure, a word in lower case such as {@code key_refused}. */
  public String kind() {
    int end = loggable.indexOf(' ');
    return (end < 0 ? loggable : loggable.substring(0, end)).toLowerCase(Locale.ROOT);
  }

  /** Returns the same failure with other facts. */
  public Failure withQuirks(List<Quirk> others) {
    return new Failure(exception, retryability, countsAgainstCircuit, others, lasting, loggable);
  }

  /** Returns whether the request can be changed so that the upstream may accept it. */
  public boolean isLearnable() {
    return quirks.stream().anyMatch(Quirk::changesRequest);
  }
}
