-- wrk: every request saves a row of its own. Each connection is a writer.
local thread, turn = 0, 0

function setup(t)
  thread = thread + 1
  t:set("mine", thread)
end

function request()
  turn = turn + 1
  local body = string.format(
    '{"fields":{"device":"輸液ポンプ %d-%d","kind":"anxiety","holder":"organisation:mhlw"},"state":"open","sources":[{"document":"bench"}]}',
    mine, turn)
  return wrk.format("POST", nil, { ["content-type"] = "application/json", ["authorization"] = "Bearer " .. os.getenv("TOKEN") }, body)
end

function done(summary, latency)
  io.write(string.format("p99_ms %.3f\n", latency:percentile(99) / 1000))
  io.write(string.format("per_second %.1f\n", summary.requests / (summary.duration / 1e6)))
  local errors = summary.errors
  io.write(string.format("errors %d\n", errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
