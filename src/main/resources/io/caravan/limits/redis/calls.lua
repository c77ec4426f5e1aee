-- The concurrent calls whose limit replicas share. Each call is held by a lease, which its replica
-- renews as long as the call lasts. Times are microseconds of this server's clock.
--
-- KEYS  1 calls     sorted set: call -> end of its lease
--       2 replicas  hash: replica -> time of its last command; epoch -> time of the first one
-- ARGV  1 operation: keep, take, drop, back, leave    2 the replica that asks
--       3 limit   4 not after   5 lease   6 settle   from 7: calls
--
-- Answers: word, time, calls under way, replicas that are here
local calls, replicas = KEYS[1], KEYS[2]
local operation, me, limit = ARGV[1], ARGV[2], tonumber(ARGV[3])
local not_after, lease, settle = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])

local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]

local function number(n)
  return string.format('%.0f', n)
end

-- The command was delayed. Its sender has given it up and relies on its not being run.
if now > not_after then
  return {'void', now, 0, 0}
end

redis.call('HSETNX', replicas, 'epoch', number(now))
if operation == 'leave' then
  redis.call('HDEL', replicas, me)
else
  redis.call('HSET', replicas, me, number(now))
end

-- If the clock was set back, no lease lasts longer than a new one, and nothing began in the future.
for _, call in ipairs(redis.call('ZRANGEBYSCORE', calls, '(' .. number(now + lease), '+inf')) do
  redis.call('ZADD', calls, number(now + lease), call)
end
if tonumber(redis.call('HGET', replicas, 'epoch')) > now then
  redis.call('HSET', replicas, 'epoch', number(now))
end
redis.call('ZREMRANGEBYSCORE', calls, '-inf', number(now))
local word = 'ok'
if operation == 'keep' then
  -- This adds calls too that a server which has lost its data does not know.
  for i = 7, #ARGV do
    redis.call('ZADD', calls, number(now + lease), ARGV[i])
  end
elseif operation == 'take' then
  -- After its data were lost, the server leaves the replicas time to bring their calls under way.
  local settled = tonumber(redis.call('HGET', replicas, 'epoch')) + settle
  if now >= settled and (redis.call('ZSCORE', calls, ARGV[7]) or redis.call('ZCARD', calls) < limit) then
    redis.call('ZADD', calls, number(now + lease), ARGV[7])
    word = 'given'
  else
    word = 'wait'
  end
elseif operation == 'drop' or operation == 'back' or operation == 'leave' then
  for i = 7, #ARGV do
    redis.call('ZREM', calls, ARGV[i])
  end
  -- A call is dropped because it may not be made yet; another one may not be made either.
  if operation ~= 'drop' then
    redis.call('PUBLISH', calls, 'free')
  end
end

local here = 0
local fields = redis.call('HGETALL', replicas)
for i = 1, #fields, 2 do
  if fields[i] ~= 'epoch' then
    if math.abs(now - tonumber(fields[i + 1])) > lease then
      redis.call('HDEL', replicas, fields[i])
    else
      here = here + 1
    end
  end
end

for _, key in ipairs(KEYS) do
  redis.call('PEXPIRE', key, number(math.ceil(2 * lease / 1000)))
end
return {word, now, redis.call('ZCARD', calls), here}
