-- expect: time limit|ok: nil
-- within: 600 ms
local a = ("\0"):rep(6000000)
local t = {}
for i = 1, 1000 do t[i] = a end
local b = a .. "x"
for i = 1, 1000, 2 do t[i] = b end
table.sort(t)
