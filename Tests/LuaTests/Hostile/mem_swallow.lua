-- expect: memory|time limit
-- within: 400 ms
while true do pcall(string.rep,"x",15<<20) local t={} for i=1,40 do t[i]=("x"):rep(1<<20)..i end end
