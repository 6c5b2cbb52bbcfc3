-- expect: time limit
-- within: 300 ms
return string.format("%s", setmetatable({}, { __tostring = function() while true do end end }))
