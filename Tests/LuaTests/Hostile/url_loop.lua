-- expect: time limit|memory
-- within: 600 ms
local s = ("%"):rep(4 << 20)
while true do agent.url.decode(agent.url.encode(s)) end
