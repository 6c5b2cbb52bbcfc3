-- expect: time limit
-- within: 600 ms
-- strcoll once per zero byte: 5 ns each, and no poll inside.
local a = ("\0"):rep(7 << 20)
local b = ("\0"):rep(7 << 20)
while true do local _ = a < b, a < b, a < b, a < b, a < b, a < b, a < b, a < b, a < b, a < b end
