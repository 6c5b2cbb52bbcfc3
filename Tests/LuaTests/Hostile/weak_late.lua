-- expect: ok: nil
-- within: 50 ms
local m = {}
local t = setmetatable({}, m)
m.__mode = "k"
t[{}] = 1
