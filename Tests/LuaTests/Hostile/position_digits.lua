-- expect: time limit
-- within: 600 ms
local s = (" "):rep(15 << 20) .. "1"
while true do local _ = ("x"):sub(s), ("x"):byte(s), ("x"):rep(s), ("x"):sub(s) end
