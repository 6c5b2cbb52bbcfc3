-- expect: time limit|memory
-- within: 600 ms
local s = ("x"):rep(6 << 20)
while true do agent.base64.decode(agent.base64.encode(s)) end
