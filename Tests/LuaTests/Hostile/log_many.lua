-- expect: log's quota|time limit
-- within: 600 ms
local s, t = ("x"):rep(4096), {}
for i = 1, 7000 do t[i] = s end
while true do agent.log.info(table.unpack(t)) end
