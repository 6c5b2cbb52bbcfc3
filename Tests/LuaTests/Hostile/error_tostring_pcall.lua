-- expect: time limit
-- within: 300 ms
local _, e = pcall(error, setmetatable({}, { __tostring = function() while true do end end })) return tostring(e)
