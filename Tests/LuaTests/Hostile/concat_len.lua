-- expect: without __len
-- within: 50 ms
return table.concat(setmetatable({}, { __len = function() return 1 << 60 end }))
