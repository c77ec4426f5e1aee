/**
 * Limits: who may call, how much, and when.
 *
 * <p>Towards the upstream: {@link io.caravan.limits.Admission} (rolling window, concurrency, fair
 * queue), {@link io.caravan.limits.Cooldowns}, {@link io.caravan.limits.RetryBudget}. Towards the
 * clients: {@link io.caravan.limits.ClientKeys}, {@link io.caravan.limits.ClientLimits}. {@link
 * io.caravan.limits.SharedLimits} decides whether replicas share them through Redis.
 *
 * <p>Nothing here knows Camel or HTTP; each class is a bean with setters.
 */
package io.caravan.limits;
