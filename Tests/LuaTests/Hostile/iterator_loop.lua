-- expect: time limit
-- within: 300 ms
for _ in function() return 1 end do end
