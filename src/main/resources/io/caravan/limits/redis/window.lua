-- One rolling window that replicas share. Times are microseconds of this server's clock.
--
-- KEYS  1 permits   sorted set: permit -> when it was given
--       2 replicas  hash: replica -> "when last seen, requests waiting there"; epoch -> when it began
-- ARGV  1 what to do: join, beat, take, back, leave    2 the replica that asks
--       3 limit   4 window   5 not after   6 requests waiting   7 silent   8 settle   9 forget
--       from 10: join: how many permits, each permit and its age, other replicas;  take, back: a permit
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

-- Every replica keeps a copy of the window, for when this server or its data are gone.
local function tell(what, id)
  redis.call('PUBLISH', permits, what .. ' ' .. id)
end

-- It lay on its way for long. Its sender has given it up, and may count on not having been here.
if now > not_after then
  return {'void', now, 0, 0, {}, {}}
end

if operation == 'join' then
  redis.call('HSETNX', replicas, 'epoch', number(now))
  local count = tonumber(ARGV[10])
  for i = 11, 10 + 2 * count, 2 do
    redis.call('ZADD', permits, 'NX', number(now - tonumber(ARGV[i + 1])), ARGV[i])
  end
  -- Replicas that the joining one knows. Those not here are on their way, however long it took.
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
  tell('leave', me)
else
  redis.call('HSET', replicas, me, number(now) .. ' ' .. ARGV[6])
end

-- Only if the clock was set back: from then on they count as given now.
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

-- A replica that is not here may be giving permits out of its share (see RedisWindow).
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
  -- Where the data begin anew, the other replicas have the time to bring what they know.
  local settled = tonumber(redis.call('HGET', replicas, 'epoch') or now) + settle
  if now < settled then
    word, wait = 'wait', settled - now
  elseif given < room or redis.call('ZSCORE', permits, permit) then
    -- One that is there already was given before, but the answer was lost: it is given again, as of now.
    redis.call('ZADD', permits, number(now), permit)
    tell('permit', permit)
    word = 'given'
  else
    local next = redis.call('ZRANGE', permits, given - room, given - room, 'WITHSCORES')
    word, wait = 'wait', next[2] and tonumber(next[2]) + window - now or window
  end
elseif operation == 'back' then
  if redis.call('ZREM', permits, ARGV[10]) == 1 then
    tell('back', ARGV[10])
  end
elseif operation == 'join' then
  tell('join', me)
  local all = redis.call('ZRANGE', permits, 0, -1, 'WITHSCORES')
  for i = 1, #all, 2 do
    listed[i], listed[i + 1] = all[i], now - tonumber(all[i + 1])
  end
end

for _, key in ipairs(KEYS) do
  redis.call('PEXPIRE', key, number(math.ceil((forget + 2 * window) / 1000)))
end
return {word, now, wait, room, others, listed}
