/**
 * Counters, timers and gauges for {@code /observe/metrics}.
 *
 * <p>Stages and {@code failover} report to these classes. The names and labels of the meters are
 * documented in {@code docs/operate.md} and stay as they are; label values come from the
 * configuration only, so that a client can't create series without limit. An integrator may set
 * {@link io.caravan.metrics.StageTimers}' routes. The rest may change.
 */
package io.caravan.metrics;
