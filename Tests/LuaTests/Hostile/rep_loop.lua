-- expect: time limit|memory
-- within: 500 ms
while true do local _ = ("x"):rep(4 << 20) end
