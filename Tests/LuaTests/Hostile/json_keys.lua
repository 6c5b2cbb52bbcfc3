-- expect: too many keys|time limit|memory
-- within: 900 ms
-- Its keys are in the encoder once for each level.
local t = {}
for i = 1, 100000 do t["k" .. i] = 0 end
t.a = t
return agent.json.encode(t)
