-- expect: error object is a table
-- within: 50 ms
error(setmetatable({}, { __tostring = function() while true do end end }))
