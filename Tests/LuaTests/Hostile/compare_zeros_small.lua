-- expect: time limit
-- within: 600 ms
local a, b = ("\0"):rep(250000), ("\0"):rep(250000)
while true do local _ = a < b, a < b, a < b, a < b, a < b, a < b, a < b, a < b, a < b, a < b end
