-- expect: memory
-- within: 600 ms
local t = {}
for i = 1, 1000000000 do t[i] = i end
