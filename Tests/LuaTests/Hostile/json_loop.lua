-- expect: time limit|memory
-- within: 600 ms
local s = "[" .. ("1,"):rep(500000) .. "1]"
while true do agent.json.decode(s) end
