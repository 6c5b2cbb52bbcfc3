-- expect: ok: table
-- within: 50 ms
return tostring(setmetatable({}, { __name = "forged" }))
