/**
 * Attempts beyond the first: retries of a model, fallbacks to the next one, a second call beside a
 * slow one (hedging), and the guard before each attempt (cooldowns, circuit breakers).
 *
 * <p>The routes around an attempt use these classes as processors and predicates; no other package
 * does. They work until the first content of a response has come: later nothing is retried. An
 * integrator sets their properties in {@code routes/beans.camel.yaml}. The rest may change.
 */
package io.caravan.failover;
