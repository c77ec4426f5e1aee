-- The tokens that one client has used on one day: a count for each replica, which only grows.
-- The greater of two counts holds, so that a count may be sent twice, late, or to a server that has
-- lost its data.
--
-- KEYS  1 hash: replica -> tokens
-- ARGV  1 seconds to keep the hash; then replicas and their tokens
for i = 2, #ARGV, 2 do
  local known = tonumber(redis.call('HGET', KEYS[1], ARGV[i]) or 0)
  if tonumber(ARGV[i + 1]) > known then
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
  end
end
redis.call('EXPIRE', KEYS[1], ARGV[1])
return redis.call('HGETALL', KEYS[1])
