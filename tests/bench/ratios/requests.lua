-- Requests from a file, picked at random; a new operation key for every stamp.
-- A line: method, path, and for a stamp the device's secret and the programme, with tabs between.
local threads = {}

function setup(thread)
  table.insert(threads, thread)
  thread:set("number", #threads)
end

function init(args)
  lines, bad = {}, 0
  for line in io.lines(args[1]) do
    local method, path, device, programme = line:match("([^\t]+)\t([^\t]+)\t?([^\t]*)\t?([^\t]*)")
    table.insert(lines, {method = method, path = path, device = device, programme = programme})
  end
  math.randomseed(tonumber(args[2]) * 100 + number)
  began = os.time()
end

local function key()  -- a UUIDv7: time first, as pages make them
  local time = string.format("%012x", os.time() * 1000 + math.random(0, 999))
  local function some(digits) return string.format("%0" .. digits .. "x", math.random(0, 16 ^ digits - 1)) end
  return time:sub(1, 8) .. "-" .. time:sub(9) .. "-7" .. some(3) .. "-8" .. some(3) .. "-" .. some(6) .. some(6)
end

function request()
  local line = lines[math.random(#lines)]
  if line.method == "GET" then return wrk.format("GET", line.path) end
  local token = "abcdefghijklmnopqrstuvwxyz012345"
  local headers = {
    ["Content-Type"] = "application/x-www-form-urlencoded",
    ["Cookie"] = "counter=" .. line.device .. "; csrftoken=" .. token,
    ["X-CSRFToken"] = token,
    ["HX-Request"] = "true",
  }
  local body = "count=1&again=True&programme=" .. line.programme .. "&key=" .. key()
  return wrk.format("POST", line.path, headers, body)
end

function response(status)
  if status ~= 200 then bad = bad + 1 end
end

function done(summary, latency, requests)
  local refused = 0
  for _, thread in ipairs(threads) do refused = refused + thread:get("bad") end
  local broken = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format(
    '\nRESULT {"answers": %d, "seconds": %.6f, "p50": %.3f, "p95": %.3f, "p99": %.3f, "bad": %d, "broken": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3,
    latency:percentile(95) / 1e3, latency:percentile(99) / 1e3, refused, broken))
end
