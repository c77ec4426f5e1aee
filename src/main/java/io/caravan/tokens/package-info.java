/**
 * Token counts of requests, and their correction by the counts that upstreams report.
 *
 * <p>The stages and the limits' callers use {@link io.caravan.tokens.TokenCounter} and {@link
 * io.caravan.tokens.Calibration}; the package uses {@code anthropic} and {@code json} alone, and
 * knows neither Camel nor HTTP.
 *
 * <p>An integrator replaces the counter with a bean of its own, or sets the properties of {@link
 * io.caravan.tokens.JtokkitTokenCounter}: encoding, framing, images, documents, cache and limits.
 * The hashes and limits of the cache keep tenants apart and the effort bounded; leave them as they
 * are.
 */
package io.caravan.tokens;
