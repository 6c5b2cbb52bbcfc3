-- expect: wrap around|too many
-- within: 50 ms
return table.move({ 1, 2 }, 1, 2, math.maxinteger)
