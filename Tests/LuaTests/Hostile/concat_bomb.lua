-- expect: memory|not enough
-- within: 600 ms
local t = {}
for i = 1, 100 do t[i] = ("x"):rep(200000) end
return #table.concat(t, ("y"):rep(200000))
