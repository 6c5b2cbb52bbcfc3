-- expect: time limit
-- within: 600 ms
local t = {}
for i = 1, 100000 do t[i] = 1 end
next(t)
while true do next(t, 99999) next(t, 1) end
