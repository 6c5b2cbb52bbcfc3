-- expect: stack overflow
-- within: 300 ms
local t
t = setmetatable({}, { __tostring = function() return tostring(t) end })
return tostring(t)
