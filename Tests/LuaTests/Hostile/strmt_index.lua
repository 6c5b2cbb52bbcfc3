-- expect: index a boolean
-- within: 50 ms
getmetatable("x").__index.rep = function() return "pwned" end
