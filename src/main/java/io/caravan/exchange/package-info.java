/**
 * The exchange contract: the objects that one stage hands to the next.
 *
 * <p>The contract has two scopes. A {@link io.caravan.exchange.GatewayRequest} lasts from the
 * acceptance of a client's request to the end of its response; an {@link
 * io.caravan.exchange.Attempt} is one call upstream, and a retry or a fallback starts a fresh one.
 * A processor of an integrator may use both, and the exchange properties in {@link
 * io.caravan.exchange.Contract}, as documented in {@code docs/extend.md}. The rest is for the
 * gateway's own stages.
 *
 * <p>Stages, {@code failover}, {@code models} and {@code metrics} use this package. It knows none
 * of the stages.
 */
package io.caravan.exchange;
