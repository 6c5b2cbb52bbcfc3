-- expect: memory|not enough
-- within: 600 ms
local s = ("x"):rep(1000000)
while true do s = string.format("%s%s", s, s) end
