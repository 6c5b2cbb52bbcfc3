-- expect: time limit
-- within: 300 ms
local t = setmetatable({}, { __index = function(t, k) return t end })
while true do local _ = t.a.b.c.d end
