/**
 * The record of a request that is over: one immutable {@link io.caravan.observe.RequestRecord},
 * handed to every {@link io.caravan.observe.RequestListener} in the registry.
 *
 * <p>The access log, the metrics and the usage report are made of it, and so may be a listener of
 * an integrator's own. The records hold no prompt, no completion and no key. The package knows
 * neither stages nor the exchange contract.
 */
package io.caravan.observe;
