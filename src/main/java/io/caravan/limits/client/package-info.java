/**
 * Limits that hold a client to its key: the keys themselves ({@link
 * io.caravan.limits.client.ClientKeys}), requests and tokens a minute, and tokens a day ({@link
 * io.caravan.limits.client.ClientLimits}).
 *
 * <p>The stages that accept, count and charge a request use these classes; they know neither Camel
 * nor HTTP. An integrator sets the properties of the two beans in {@code routes/beans.camel.yaml}.
 * {@link io.caravan.limits.client.LedgerSource} and {@link io.caravan.limits.client.UsageLedger}
 * are the interfaces to implement, for a ledger of another kind. The rest may change.
 */
package io.caravan.limits.client;
