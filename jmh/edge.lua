-- For wrk: METHOD and OBJECTS from the environment; each request takes the next object.
local method = os.getenv("METHOD") or "count"
local objects = tonumber(os.getenv("OBJECTS") or "1")
local n = 0
request = function()
  n = (n + 1) % objects
  return wrk.format("POST", "/objects/hits/o" .. n .. "/" .. method,
    { ["Content-Type"] = "application/json", ["Host"] = "localhost" }, '{"by":1}')
end
