-- expect: without __len
-- within: 50 ms
table.sort(setmetatable({}, { __len = function() return 1 << 60 end }))
