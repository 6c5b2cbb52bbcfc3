-- expect: time limit|memory
-- within: 600 ms
local s = ("a"):rep(8 << 20)
while true do local _ = s:upper() end
