/**
 * Limits that protect a provider from this gateway: the rolling window and the concurrent calls of
 * its key ({@link io.caravan.limits.upstream.Admission}), retries ({@link
 * io.caravan.limits.upstream.RetryBudget}), cooldowns ({@link
 * io.caravan.limits.upstream.Cooldowns}) and circuit breakers ({@link
 * io.caravan.limits.upstream.Circuits}).
 *
 * <p>Stages and {@code failover} use these classes; they know neither Camel nor HTTP. An integrator
 * sets their properties in {@code routes/beans.camel.yaml}. {@link
 * io.caravan.limits.upstream.WindowSource} is the one interface to implement, for a window that
 * replicas share by other means than Redis. The rest may change.
 */
package io.caravan.limits.upstream;
