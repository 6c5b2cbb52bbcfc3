-- expect: bad argument|memory
-- within: 100 ms
return ("x"):rep(setmetatable({}, { __name = ("x"):rep(10000000) }))
