-- expect: memory|time limit
-- within: 800 ms
local t = {}
for i = 1, 1000000000 do t["k" .. i] = i end
