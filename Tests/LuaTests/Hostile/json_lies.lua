-- expect: ok: \[\]|ok: \{\}
-- within: 50 ms
return agent.json.encode(setmetatable({}, { __index = function() return 1 end, __len = function() return 1 << 60 end, __pairs = function() while true do end end }))
