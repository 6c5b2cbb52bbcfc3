-- expect: time limit
-- within: 600 ms
-- Large strings come and go: each one must not put the next look at the clock off.
local a, b = ("\0"):rep(4000000), ("\0"):rep(4000000)
local function f() return a < b end
while true do f() local _ = ("x"):rep(300000) end
