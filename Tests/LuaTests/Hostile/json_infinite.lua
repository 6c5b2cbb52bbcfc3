-- expect: infinite number is not JSON
-- within: 50 ms
return { math.huge }
