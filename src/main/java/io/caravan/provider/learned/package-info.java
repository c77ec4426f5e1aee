/**
 * Quirks of upstreams that Caravan learns from their refusals, for a limited time.
 *
 * <p>The failover and the stages use {@link io.caravan.provider.learned.LearnedQuirks}; the error
 * translation reads refusals with {@link io.caravan.provider.learned.FieldComplaint}. The package
 * uses {@code provider} and {@code openai}.
 *
 * <p>An integrator shares one bean of learned quirks among the stages, and may export it as YAML. A
 * refusal may quote a client's text, so a wording must name a field or a number and nothing else is
 * kept.
 */
package io.caravan.provider.learned;
