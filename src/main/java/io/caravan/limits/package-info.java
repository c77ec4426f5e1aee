/**
 * Limits: who may call, how much, and when.
 *
 * <p>Towards the upstream: {@link io.caravan.limits.upstream.Admission} (rolling window,
 * concurrency, fair queue), {@link io.caravan.limits.upstream.Cooldowns}, {@link
 * io.caravan.limits.upstream.RetryBudget}. Towards the clients: {@link
 * io.caravan.limits.client.ClientKeys}, {@link io.caravan.limits.client.ClientLimits}. {@link
 * io.caravan.limits.redis.SharedLimits} decides whether replicas share them through Redis.
 *
 * <p>Nothing here knows Camel or HTTP; each class is a bean with setters.
 */
package io.caravan.limits;
