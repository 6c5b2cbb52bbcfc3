-- expect: '__mode' is not available
-- within: 50 ms
setmetatable({}, setmetatable({ __newindex = {} }, { __mode = "v" }))
