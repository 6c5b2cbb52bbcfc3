-- expect: ok|too complex|time limit
-- within: 600 ms
return (("ab "):rep(100000):gsub("%f[%a].-%f[%A]", "x"))
