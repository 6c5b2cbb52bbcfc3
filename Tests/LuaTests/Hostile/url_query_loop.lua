-- expect: time limit|memory
-- within: 600 ms
local t = {}
for i = 1, 100000 do t["k" .. i] = i end
while true do agent.url.query(t) end
