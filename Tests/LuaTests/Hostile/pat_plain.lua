-- expect: time limit
-- within: 500 ms
local p = ("a"):rep(15 << 20)
while true do local _ = ("x"):find(p) end
