/**
 * Fetches what a URL of a client or of a model names, and nothing inside the operator's network.
 *
 * <p>Every address is checked after its name is resolved, and the connection goes to the very
 * address that was checked. Stages use {@link io.caravan.fetch.GuardedFetch}; the rest may change.
 */
package io.caravan.fetch;
