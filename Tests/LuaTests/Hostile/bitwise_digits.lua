-- expect: time limit|bitwise operation on a string
-- within: 600 ms
local s = (" "):rep(15 << 20) .. "1"
while true do local _ = s | 1, s | 1, s | 1, s | 1, s | 1, s | 1, s | 1, s | 1 end
