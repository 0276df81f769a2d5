-- wrk: asks for the paths in the file PATHS, one after the other, compressed as browsers do. With UNIQUE=1 every address is new,
-- so that no finished page can answer it. With PAUSE each reader reads for so many milliseconds on the average.
local paths, at, turn = {}, 0, 0
for line in io.lines(os.getenv("PATHS")) do paths[#paths + 1] = line end
local unique = os.getenv("UNIQUE") == "1"
local pause = tonumber(os.getenv("PAUSE") or "0")
local thread = 0
if pause > 0 then
  function delay() return math.random(0, 2 * pause) end
end

function setup(t)
  thread = thread + 1
  t:set("mine", thread)
end

local headers = { ["accept-encoding"] = "gzip" }
for name, value in pairs(wrk.headers) do headers[name] = value end

function request()
  at = at % #paths + 1
  turn = turn + 1
  local path = paths[at]
  if unique then
    local mark = path:find("?", 1, true) and "&" or "?"
    path = path .. mark .. "turn=" .. mine .. "-" .. turn
  end
  return wrk.format("GET", path, headers)
end

local wrong = 0
function response(status)
  if status ~= 200 then wrong = wrong + 1 end
end

function done(summary, latency)
  io.write(string.format("p99_ms %.3f\n", latency:percentile(99) / 1000))
  io.write(string.format("per_second %.1f\n", summary.requests / (summary.duration / 1e6)))
  local errors = summary.errors
  io.write(string.format("errors %d\n", errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
