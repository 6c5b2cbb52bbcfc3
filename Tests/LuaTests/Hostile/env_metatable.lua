-- expect: protected metatable
-- within: 50 ms
setmetatable(_ENV, {})
