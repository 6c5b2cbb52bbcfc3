-- expect: more than 100 levels
-- within: 100 ms
local t = {}
t.t = t
return agent.json.encode(t)
