-- expect: too complex
-- within: 400 ms
return (("("):rep(100000):gsub("%b()", ""))
