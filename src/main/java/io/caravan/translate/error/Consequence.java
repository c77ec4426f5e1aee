package io.caravan.translate.error;

import io.caravan.anthropic.ErrorType;

/**
 * The consequence of a failure, whether the upstream reported it or not.
 *
 * @param type that the client reads
 * @param countsAgainstCircuit whether the upstream itself has failed
 */
record Consequence(ErrorType type, Retryability retryability, boolean countsAgainstCircuit) {}
