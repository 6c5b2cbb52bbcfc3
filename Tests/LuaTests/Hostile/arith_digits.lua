-- expect: time limit
-- within: 600 ms
local s = ("1"):rep(15 << 20)
while true do local _ = s + 1, s + 1, s + 1, s + 1, s + 1, s + 1, s + 1, s + 1 end
