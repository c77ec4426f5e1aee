-- Holds tokens of one client and day for the requests that a replica has under way, if they fit under the limit beside what
-- all replicas have used and the others hold. A hold counts for a while only, as a replica may end without giving it back.
--
-- KEYS  1 hash: replica -> tokens used   2 hash: replica -> tokens held, and until when (seconds)
-- ARGV  1 this replica   2 the tokens that it has used   3 the tokens to hold   4 the limit; negative to hold in any case
--       5 seconds for which the hold counts   6 seconds to keep the hash
local now = tonumber(redis.call('TIME')[1])
local sum = tonumber(ARGV[3])
local used = redis.call('HGETALL', KEYS[1])
local mine = tonumber(ARGV[2])
for i = 1, #used, 2 do
  if used[i] == ARGV[1] then
    mine = math.max(mine, tonumber(used[i + 1]))
  else
    sum = sum + tonumber(used[i + 1])
  end
end
local holds = redis.call('HGETALL', KEYS[2])
for i = 1, #holds, 2 do
  local tokens, till = string.match(holds[i + 1], '(%d+) (%d+)')
  if tonumber(till) > now + tonumber(ARGV[5]) then
    -- The clock was set back: the hold counts no longer than a new one.
    redis.call('HSET', KEYS[2], holds[i], tokens .. ' ' .. string.format('%d', now + tonumber(ARGV[5])))
  end
  if tonumber(till) <= now then
    redis.call('HDEL', KEYS[2], holds[i])
  elseif holds[i] ~= ARGV[1] then
    sum = sum + tonumber(tokens)
  end
end
local limit = tonumber(ARGV[4])
if limit >= 0 and sum + mine > limit then
  return {'0'}
end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[3] .. ' ' .. string.format('%d', now + tonumber(ARGV[5])))
redis.call('EXPIRE', KEYS[2], ARGV[6])
return {'1'}
