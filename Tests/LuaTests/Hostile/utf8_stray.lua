-- expect: time limit
-- within: 600 ms
local f, s = utf8.codes(("\x80"):rep(15 << 20))
while true do pcall(f, s, 1) end
