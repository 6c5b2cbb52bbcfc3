-- expect: time limit|memory
-- within: 600 ms
local s, t = ("a"):rep(4 << 20), {}
for i = 1, 1000000 do t[s .. i] = nil local _ = t[s .. i] end
