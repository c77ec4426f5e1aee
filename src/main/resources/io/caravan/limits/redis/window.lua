-- One rolling window that replicas share. Times are microseconds of this server's clock.
--
-- KEYS  1 permits   sorted set: permit -> time at which it was given
--       2 replicas  hash: replica -> "time of its last command, requests waiting there"; epoch -> time of the first one
-- ARGV  1 operation: join, beat, take, back, leave    2 the replica that asks
--       3 limit   4 window   5 not after   6 requests waiting   7 silent   8 settle   9 forget
--       from 10: join: number of permits, each permit and its age, other replicas;  take, back: a permit
--
-- Answers: word, time, wait, room, {replica, 1 if here, waiting, ...}, {permit, age, ...} (join only)
local permits, replicas = KEYS[1], KEYS[2]
local operation, me = ARGV[1], ARGV[2]
local limit, window, not_after = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local silent, settle, forget = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])

local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]

local function number(n)
  return string.format('%.0f', n)
end

-- Every replica keeps a copy of the window, in case this server or its data are lost.
local function publish(what, id)
  redis.call('PUBLISH', permits, what .. ' ' .. id)
end

-- The command was delayed. Its sender has given it up and relies on its not being run.
if now > not_after then
  return {'void', now, 0, 0, {}, {}}
end

if operation == 'join' then
  redis.call('HSETNX', replicas, 'epoch', number(now))
  local count = tonumber(ARGV[10])
  for i = 11, 10 + 2 * count, 2 do
    redis.call('ZADD', permits, 'NX', number(now - tonumber(ARGV[i + 1])), ARGV[i])
  end
  -- The replicas that the joining one knows. Those not here yet may still join, however late.
  for i = 11 + 2 * count, #ARGV do
    local at = string.match(redis.call('HGET', replicas, ARGV[i]) or '0 0', '^%d+')
    if now - tonumber(at) > silent then
      redis.call('HSET', replicas, ARGV[i], number(now - silent - 1) .. ' 0')
    end
  end
elseif redis.call('HEXISTS', replicas, me) == 0 then
  return {'join', now, 0, 0, {}, {}}
end

if operation == 'leave' then
  redis.call('HDEL', replicas, me)
  publish('leave', me)
else
  redis.call('HSET', replicas, me, number(now) .. ' ' .. ARGV[6])
end

-- If the clock was set back, permits from the future count as given now.
for _, permit in ipairs(redis.call('ZRANGEBYSCORE', permits, '(' .. number(now), '+inf')) do
  redis.call('ZADD', permits, number(now), permit)
end
if tonumber(redis.call('HGET', replicas, 'epoch') or 0) > now then
  redis.call('HSET', replicas, 'epoch', number(now))
end
redis.call('ZREMRANGEBYSCORE', permits, '-inf', number(now - window))

local known, seen, waiting = {}, {}, {}
local fields = redis.call('HGETALL', replicas)
for i = 1, #fields, 2 do
  local id, at, queue = fields[i], string.match(fields[i + 1], '^(%d+) (%d+)$')
  if at then
    if now - tonumber(at) > forget then
      redis.call('HDEL', replicas, id)
    else
      known[#known + 1], seen[id], waiting[id] = id, tonumber(at), tonumber(queue)
    end
  end
end
table.sort(known)

-- A replica that is not here may be giving permits from its share (see RedisWindow).
local room, others = limit, {}
for rank, id in ipairs(known) do
  local here = now - seen[id] <= silent
  if not here then
    room = room - math.floor(limit / #known) - (rank <= limit % #known and 1 or 0)
  end
  others[#others + 1], others[#others + 2], others[#others + 3] = id, here and 1 or 0, waiting[id]
end

local word, wait, listed = 'ok', 0, {}
if operation == 'take' then
  local permit = ARGV[10]
  local given = redis.call('ZCARD', permits)
  -- After its data were lost, the server leaves the other replicas time to bring their copies.
  local settled = tonumber(redis.call('HGET', replicas, 'epoch') or now) + settle
  if now < settled then
    word, wait = 'wait', settled - now
  elseif given < room or redis.call('ZSCORE', permits, permit) then
    -- A permit in the window was given before, but the answer was lost: it is given again, as of now.
    redis.call('ZADD', permits, number(now), permit)
    publish('permit', permit)
    word = 'given'
  else
    local next = redis.call('ZRANGE', permits, given - room, given - room, 'WITHSCORES')
    word, wait = 'wait', next[2] and tonumber(next[2]) + window - now or window
  end
elseif operation == 'back' then
  if redis.call('ZREM', permits, ARGV[10]) == 1 then
    publish('back', ARGV[10])
  end
elseif operation == 'join' then
  publish('join', me)
  local all = redis.call('ZRANGE', permits, 0, -1, 'WITHSCORES')
  for i = 1, #all, 2 do
    listed[i], listed[i + 1] = all[i], now - tonumber(all[i + 1])
  end
end

for _, key in ipairs(KEYS) do
  redis.call('PEXPIRE', key, number(math.ceil((forget + 2 * window) / 1000)))
end
return {word, now, wait, room, others, listed}
