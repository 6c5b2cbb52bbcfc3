-- expect: time limit
-- within: 600 ms
local s = (" "):rep(15 << 20) .. "1"
while true do local _ = math.abs(s), math.tointeger(s), math.abs(s), math.tointeger(s) end
