-- expect: memory|time limit
-- within: 600 ms
while true do pcall(table.concat, { ("x"):rep(9 << 20), ("y"):rep(9 << 20) }) end
