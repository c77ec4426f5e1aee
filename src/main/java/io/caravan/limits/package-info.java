/**
 * The clock of all limits. The limits themselves are in three packages: {@code upstream} protects a
 * provider, {@code client} holds a client to its key, and {@code redis} shares both between
 * replicas.
 *
 * <p>Nothing here depends on Camel or HTTP. An integrator configures the limits through their beans
 * in {@code routes/beans.camel.yaml} and has no reason to touch this package.
 */
package io.caravan.limits;
