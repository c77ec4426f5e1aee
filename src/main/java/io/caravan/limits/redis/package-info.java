/**
 * Limits that replicas share through Redis: windows, concurrent calls and daily usage. Only this
 * package needs Lettuce.
 *
 * <p>{@link io.caravan.limits.redis.SharedLimits} is the way in: a bean with the Redis URL, which
 * other packages know as a {@code WindowSource} and a {@code LedgerSource}. The Lua scripts beside
 * these classes run in Redis and are part of them. Only the bean's properties are for integrators.
 */
package io.caravan.limits.redis;
