package io.caravan.translate.error;

import io.caravan.anthropic.AnthropicException;
import io.caravan.provider.learned.Quirk;
import java.util.List;

/**
 * A failed call: what the client is told, and what can be done about it.
 *
 * @param exception for the client
 * @param retryability whether to call again, before any content has gone out
 * @param countsAgainstCircuit whether it says that the upstream is unwell; a fault of the request
 *     doesn't
 * @param quirks what was learned of the upstream
 * @param loggable what happened without a word of the message, which may quote a prompt
 */
public record Failure(
    AnthropicException exception,
    Retryability retryability,
    boolean countsAgainstCircuit,
    List<Quirk> quirks,
    String loggable) {
  public Failure {
    quirks = List.copyOf(quirks);
  }

  /** Whether the request can be changed so that the upstream may take it. */
  public boolean isLearnable() {
    return quirks.stream().anyMatch(Quirk::changesRequest);
  }
}
